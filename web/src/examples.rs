//! The examples shipped with the page.

use crate::state::boot::Example;

macro_rules! example {
    ($title:literal, $about:literal, $slug:literal) => {
        Example {
            title: $title,
            about: $about,
            rule: include_str!(concat!("../../rules/", $slug, ".toml")),
            events: include_str!(concat!("../../rules/", $slug, ".events.ndjson")),
        }
    };
}

/// The first is what a first visit shows.
pub static EXAMPLES: &[Example] = &[
    example!(
        "OpenSSL client or server",
        "One event: arrays of arguments, and one excluded by a single clause",
        "openssl_client_or_server"
    ),
    example!(
        "Network connection by systemd",
        "A sequence: pairs that form, expire and are overwritten, on a timeline",
        "systemd_network_connection"
    ),
    example!(
        "Reverse shell over UDP",
        "A sample: three events in any order, and which of them a key lacks",
        "udp_reverse_shell"
    ),
    example!(
        "OpenSSH backdoor log",
        "One event: wildcards over paths, four data sources",
        "openssh_backdoor_logging"
    ),
    example!(
        "Unix socket connection",
        "One event: two ways to match, in four data sources",
        "unix_socket_connection"
    ),
];
