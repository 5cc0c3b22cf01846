//! Name lookup that leaves out addresses that are not public: what is checked is what is connected
//! to.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::is_public;

/// Looks names up, and gives public addresses only.
#[derive(Clone, Debug)]
pub(super) struct PublicOnly {
    /// The proxy's own host, which the user chose.
    exempt: Option<Arc<str>>,
}

impl PublicOnly {
    pub(super) fn except(proxy_host: Option<&str>) -> Self {
        Self {
            exempt: proxy_host.map(Arc::from),
        }
    }
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let exempt = self
            .exempt
            .as_deref()
            .is_some_and(|host| host.eq_ignore_ascii_case(name.as_str()));
        Box::pin(async move {
            // The port is filled in by the connector.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            let kept = if exempt { found } else { public(found)? };
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

fn public(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NotPublic> {
    let kept: Vec<SocketAddr> = found
        .into_iter()
        .filter(|found| is_public(found.ip()))
        .collect();
    if kept.is_empty() {
        Err(NotPublic)
    } else {
        Ok(kept)
    }
}

/// A name has no public address.
#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its address is not a public one")
    }
}

impl std::error::Error for NotPublic {}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn only_public_addresses_are_kept() {
        let mixed = addresses(&["10.0.0.1:0", "8.8.8.8:0", "[::1]:0", "[2606:4700::1111]:0"]);
        assert_eq!(
            public(mixed).unwrap(),
            addresses(&["8.8.8.8:0", "[2606:4700::1111]:0"])
        );
        assert!(public(addresses(&["127.0.0.1:0"])).is_err());
    }
}
