//! The layers, lowest first. A new crate under `crates/` gets its line here.

/// What one crate may depend on.
pub(super) struct Layer {
    /// The crate.
    pub(super) name: &'static str,
    /// Which of our crates it may import.
    pub(super) own: &'static [&'static str],
    /// Which of these it must import without default features.
    pub(super) bare: &'static [&'static str],
    /// The only crates of others it may import; `None`: any that is no other layer's identity.
    pub(super) outside: Option<&'static [&'static str]>,
    /// Whether `outside` binds optional dependencies too.
    pub(super) optional_too: bool,
}

pub(super) const LAYERS: &[Layer] = &[
    Layer {
        name: "dryapi-types",
        own: &[],
        bare: &[],
        outside: Some(&["serde", "serde_json", "thiserror", "httpdate"]),
        optional_too: true,
    },
    Layer {
        name: "dryapi-transport",
        own: &[],
        bare: &[],
        outside: Some(&["http", "bytes", "futures-core", "async-trait", "thiserror"]),
        optional_too: false,
    },
    open("dryapi-webhook", &["dryapi-types"], &[]),
    open(
        "dryapi-realtime",
        &["dryapi-types", "dryapi-transport"],
        &["dryapi-transport"],
    ),
    open(
        "dryapi-ledger",
        &["dryapi-types", "dryapi-transport"],
        &["dryapi-transport"],
    ),
    open(
        "dryapi-client",
        &[
            "dryapi-types",
            "dryapi-transport",
            "dryapi-webhook",
            "dryapi-realtime",
            "dryapi-ledger",
        ],
        &[
            "dryapi-transport",
            "dryapi-webhook",
            "dryapi-realtime",
            "dryapi-ledger",
        ],
    ),
    open(
        "dryapi-testkit",
        &["dryapi-types", "dryapi-transport", "dryapi-ledger"],
        &["dryapi-transport", "dryapi-ledger"],
    ),
    open(
        "dryapi-sandbox",
        &[
            "dryapi-types",
            "dryapi-transport",
            "dryapi-webhook",
            "dryapi-testkit",
        ],
        &["dryapi-testkit"],
    ),
    open(
        "dryapi-cli",
        &[
            "dryapi-types",
            "dryapi-transport",
            "dryapi-webhook",
            "dryapi-realtime",
            "dryapi-ledger",
            "dryapi-client",
            "dryapi-testkit",
            "dryapi-sandbox",
        ],
        &[],
    ),
];

/// A layer which may import any crate of others that is no other layer's identity.
const fn open(
    name: &'static str,
    own: &'static [&'static str],
    bare: &'static [&'static str],
) -> Layer {
    Layer {
        name,
        own,
        bare,
        outside: None,
        optional_too: false,
    }
}

/// Crates of others that say what a layer is, and the layers which may import them.
pub(super) const IDENTITIES: &[(&str, &[&str])] = &[
    // moves requests
    ("reqwest", &["dryapi-transport"]),
    ("hyper", &["dryapi-transport"]),
    ("hyper-util", &["dryapi-transport"]),
    ("rustls", &["dryapi-transport", "dryapi-realtime"]),
    (
        "rustls-native-certs",
        &["dryapi-transport", "dryapi-realtime"],
    ),
    // verifies deliveries, signs them, and marks its own
    (
        "hmac",
        &["dryapi-webhook", "dryapi-client", "dryapi-sandbox"],
    ),
    // listens to the push channel
    ("tokio-tungstenite", &["dryapi-realtime"]),
    // remembers
    ("rusqlite", &["dryapi-ledger"]),
    // scripts the service
    ("wiremock", &["dryapi-testkit"]),
    // serves
    ("axum", &["dryapi-sandbox", "dryapi-webhook"]),
    ("png", &["dryapi-sandbox"]),
    // talks to people
    ("clap", &["dryapi-cli"]),
    ("indicatif", &["dryapi-cli"]),
    ("tracing-subscriber", &["dryapi-cli"]),
];
