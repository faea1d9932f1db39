//! The examples shipped with the page.

use crate::state::boot::Example;

/// The first is what a first visit shows.
pub static EXAMPLES: &[Example] = &[Example {
    title: "OpenSSL client or server",
    rule: include_str!("../../rules/openssl_client_or_server.toml"),
    events: include_str!("../../rules/openssl_client_or_server.events.ndjson"),
}];
