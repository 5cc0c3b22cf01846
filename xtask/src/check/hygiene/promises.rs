//! Whoever calls an async function knows what dropping its future does.

use crate::check::report::Failure;

/// What the documentation says it under.
const SECTION: &str = "# Cancel safety";

/// The public async functions of a source that do not say it. A trait may say it for all of its own.
pub(super) fn unsaid(file: &str, source: &str) -> Vec<Failure> {
    let (mut failures, mut said) = (Vec::new(), false);
    // What the trait around says; `None` outside of one.
    let mut around: Option<bool> = None;
    let mut attribute = false;
    for (index, line) in source.lines().enumerate() {
        let text = line.trim();
        if attribute || text.starts_with("#[") {
            attribute = !text.ends_with(']');
            continue;
        }
        if let Some(doc) = text.strip_prefix("///") {
            said |= doc.trim() == SECTION;
            continue;
        }
        if line == "}" {
            around = None;
        }
        if text.starts_with("pub trait ") {
            around = Some(said);
        }
        let public = text.starts_with("pub async fn ")
            || (around.is_some() && text.starts_with("async fn "));
        if public && !said && around != Some(true) {
            failures.push(Failure::new(
                "it is not said what dropping the future of this function does",
                format!("{file}:{}", index + 1),
                format!("add a section `{SECTION}` to its documentation, or to its trait's"),
            ));
        }
        said = false;
    }
    failures
}

#[cfg(test)]
mod tests {
    use super::unsaid;

    fn red(source: &str) -> usize {
        unsaid("a.rs", source).len()
    }

    #[test]
    fn a_public_async_function_says_it() {
        assert_eq!(red("/// A.\npub async fn a() {}\n"), 1);
        let said = "/// A.\n///\n/// # Cancel safety\n/// None.\n";
        assert_eq!(red(&format!("{said}pub async fn a() {{}}\n")), 0);
        let attributes = "#[must_use]\n#[cfg_attr(\n    x,\n    y\n)]\n";
        assert_eq!(
            red(&format!("{said}{attributes}pub async fn a() {{}}\n")),
            0
        );
        assert_eq!(
            red(&format!(
                "{said}pub async fn a() {{}}\npub async fn b() {{}}\n"
            )),
            1
        );
    }

    #[test]
    fn a_trait_says_it_for_its_own() {
        let method = "    /// A.\n    async fn a();\n}\n";
        assert_eq!(red(&format!("/// T.\npub trait T {{\n{method}")), 1);
        let said = "/// # Cancel safety\n/// None.\n";
        assert_eq!(red(&format!("{said}pub trait T {{\n{method}")), 0);
        assert_eq!(
            red(&format!("{said}pub trait T {{}}\n}}\ntrait U {{\n{method}")),
            0
        );
    }

    #[test]
    fn what_is_private_need_not() {
        assert_eq!(red("async fn a() {}\npub(crate) async fn b() {}\n"), 0);
    }
}
