//! Finds the differences of two descriptions.

use std::collections::BTreeSet;

use super::difference::Difference;
use super::document::Operation;
use super::node::Node;
use super::words;

/// The field's name when the operation as a whole is meant.
const OPERATION: &str = "(operation)";

/// The field's name when the body as a whole is meant.
const BODY: &str = "(body)";

/// The beginning of a field's name in what success answers.
const ANSWER: &str = "answer:";

/// The operation described on our side; by method and path, for the ids are ours.
pub(super) fn counterpart<'a>(of: &Operation, among: &'a [Operation]) -> Option<&'a Operation> {
    let same = |other: &&Operation| other.method == of.method && other.path == of.path;
    among.iter().find(same)
}

/// Every difference, sorted.
pub(super) fn all(theirs: &[Operation], ours: &[Operation]) -> BTreeSet<Difference> {
    let mut found = BTreeSet::new();
    for operation in theirs {
        let mut between = Between::new(operation, &mut found);
        match counterpart(operation, ours) {
            None => between.tell(OPERATION, "missing", "yes", "no"),
            Some(ours) => between.operations(operation, ours),
        }
    }
    for operation in ours {
        if counterpart(operation, theirs).is_none() && !operation.extended {
            Between::new(operation, &mut found).tell(OPERATION, "only ours", "no", "yes");
        }
    }
    found
}

/// What of a value is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Everything: what we send must be right.
    Everything,
    /// Fields and their types: what we receive is read tolerantly anyway.
    Shape,
}

/// The comparison of one operation.
struct Between<'a> {
    operation: &'a Operation,
    found: &'a mut BTreeSet<Difference>,
}

impl<'a> Between<'a> {
    const fn new(operation: &'a Operation, found: &'a mut BTreeSet<Difference>) -> Self {
        Self { operation, found }
    }

    fn tell(
        &mut self,
        field: &str,
        what: &str,
        theirs: impl Into<String>,
        ours: impl Into<String>,
    ) {
        let field = if field.is_empty() { BODY } else { field };
        self.found.insert(Difference {
            name: self.operation.name().to_owned(),
            method: self.operation.method.clone(),
            field: field.to_owned(),
            what: what.to_owned(),
            theirs: theirs.into(),
            ours: ours.into(),
        });
    }

    fn compare(&mut self, field: &str, what: &str, theirs: String, ours: String) {
        if theirs != ours {
            self.tell(field, what, theirs, ours);
        }
    }

    fn operations(&mut self, theirs: &Operation, ours: &Operation) {
        if ours.extended && !theirs.extended {
            self.tell(OPERATION, "extended", "no", "yes");
        }
        self.fields("", &theirs.parameters, &ours.parameters, Depth::Everything);
        let media = |side: &Operation| words::any(side.bodies.keys());
        self.compare(BODY, "media type", media(theirs), media(ours));
        if !theirs.bodies.is_empty() && !ours.bodies.is_empty() {
            let needed = |side: &Operation| words::yes(side.needs_body);
            self.compare(BODY, "required", needed(theirs), needed(ours));
        }
        for (media, body) in &theirs.bodies {
            // Of another media type the fields are still the same ones.
            let same = ours.bodies.get(media);
            if let Some(ours) = same.or_else(|| ours.bodies.values().next()) {
                self.nodes("", body, ours, Depth::Everything);
            }
        }
        let success = |side: &Operation| words::any(&side.success);
        self.compare(ANSWER, "status", success(theirs), success(ours));
        self.nodes(ANSWER, &theirs.answer, &ours.answer, Depth::Shape);
    }

    fn nodes(&mut self, place: &str, theirs: &Node, ours: &Node, depth: Depth) {
        self.compare(place, "type", words::kind(theirs), words::kind(ours));
        if theirs.kinds != ours.kinds && theirs.kinds.is_disjoint(&ours.kinds) {
            return;
        }
        if depth == Depth::Everything {
            self.details(place, theirs, ours);
        } else if theirs.is_leaf() {
            // An object they do not describe any further: ours cannot contradict them.
            return;
        }
        self.fields(place, theirs, ours, depth);
        for (ending, theirs, ours) in [
            ("[]", &theirs.items, &ours.items),
            ("{}", &theirs.entries, &ours.entries),
        ] {
            let place = format!("{place}{ending}");
            match (theirs, ours) {
                (Some(theirs), Some(ours)) => self.nodes(&place, theirs, ours, depth),
                (Some(theirs), None) => self.tell(&place, "missing", words::kind(theirs), "none"),
                (None, Some(ours)) => self.tell(&place, "only ours", "none", words::kind(ours)),
                (None, None) => {}
            }
        }
    }

    fn details(&mut self, place: &str, theirs: &Node, ours: &Node) {
        let nullable = |node: &Node| words::yes(node.nullable);
        self.compare(place, "nullable", nullable(theirs), nullable(ours));
        let values = |node: &Node| words::values(&node.values);
        self.compare(place, "enum", values(theirs), values(ours));
        self.compare(place, "one of", words::rules(theirs), words::rules(ours));
        let keywords: BTreeSet<_> = theirs.keywords.keys().chain(ours.keywords.keys()).collect();
        for keyword in keywords {
            let value = |node: &Node| words::value(node.keywords.get(keyword));
            self.compare(place, keyword, value(theirs), value(ours));
        }
    }

    fn fields(&mut self, place: &str, theirs: &Node, ours: &Node, depth: Depth) {
        for (name, their) in &theirs.fields {
            let field = below(place, name);
            let Some(our) = ours.fields.get(name) else {
                self.tell(&field, "missing", words::kind(their), "none");
                continue;
            };
            if our.extended && !their.extended {
                self.tell(&field, "extended", "no", "yes");
            }
            if depth == Depth::Everything {
                let required = |node: &Node| words::yes(node.required.contains(name));
                self.compare(&field, "required", required(theirs), required(ours));
            }
            self.nodes(&field, their, our, depth);
        }
        for (name, our) in &ours.fields {
            if !theirs.fields.contains_key(name) && !our.extended {
                self.tell(&below(place, name), "only ours", "none", words::kind(our));
            }
        }
    }
}

/// The name of a field inside another.
fn below(place: &str, name: &str) -> String {
    if place.is_empty() || place.ends_with(':') {
        format!("{place}{name}")
    } else {
        format!("{place}.{name}")
    }
}
