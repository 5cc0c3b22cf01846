//! The licences we accept, by their SPDX names, and why.

/// A licence's name, and the reason to accept it.
pub(super) const ACCEPTED: &[(&str, &str)] = &[
    ("MIT", "ours"),
    ("Apache-2.0", "ours"),
    (
        "BSD-3-Clause",
        "asks for its notice only, as MIT does: encoding_rs, matchit, subtle",
    ),
    (
        "ISC",
        "asks for its notice only, as MIT does: ring, rustls-webpki, untrusted",
    ),
    (
        "Zlib",
        "asks to be named only where the source is changed: zlib-rs",
    ),
    (
        "IJG",
        "asks to be named in the documentation of a program: jpeg-encoder, in the sandbox",
    ),
    (
        "Unicode-3.0",
        "tables of Unicode, notice only: ICU4X under `url`, unicode-ident",
    ),
    (
        "CDLA-Permissive-2.0",
        "a list of root certificates, which is data: webpki-root-certs",
    ),
];
