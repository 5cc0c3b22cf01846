//! Boolean flags: alone they are true, and a `true` or `false` behind one belongs to it.

use std::ffi::OsString;

use dryapi_types::{FieldKind, TABLE};

use super::kind::dashed;

/// Lets `--flag true` and `--flag false` be written without an equals sign, and `--flag` alone
/// before anything else.
pub(super) fn join_booleans(args: &mut Vec<OsString>, flags: &[String]) {
    let mut at = 0;
    while at + 1 < args.len() {
        let (Some(flag), Some(next)) = (args.get(at), args.get(at + 1)) else {
            return;
        };
        if flag == "--" {
            return;
        }
        let is_flag = flag.to_str().is_some_and(|flag| {
            let name = flag.strip_prefix("--");
            name.is_some_and(|name| flags.iter().any(|flag| flag == name))
        });
        if is_flag && (next == "true" || next == "false") {
            let value = args.remove(at + 1);
            if let Some(flag) = args.get_mut(at) {
                flag.push("=");
                flag.push(value);
            }
        }
        at += 1;
    }
}

/// The boolean flags of all tasks.
pub(super) fn booleans() -> Vec<String> {
    TABLE
        .iter()
        .filter(|meta| meta.task.is_some())
        .flat_map(|meta| meta.fields)
        .filter(|field| field.kind == FieldKind::Boolean)
        .map(|field| dashed(field.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_stand_alone_or_take_a_word() {
        let mut args: Vec<OsString> = ["x", "--ts", "false", "--ts", "in", "--", "--ts", "true"]
            .map(Into::into)
            .into();
        join_booleans(&mut args, &["ts".to_owned()]);
        assert_eq!(
            args,
            ["x", "--ts=false", "--ts", "in", "--", "--ts", "true"]
        );
    }
}
