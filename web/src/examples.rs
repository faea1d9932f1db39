//! The examples shipped with the page.

use crate::state::boot::Example;
use crate::state::model::Tab;

const START: &str = "Start here";
const ENDS: &str = "Sequences: why they end";
const SAMPLES: &str = "Samples";

macro_rules! example {
    ($group:ident, $title:literal, $about:literal, $slug:literal) => {
        example!($group, $title, $about, $slug, Tab::Matches, None)
    };
    // One thing to see: the timeline, with the lane of this event.
    ($group:ident, $title:literal, $about:literal, $slug:literal, $event:literal) => {
        example!($group, $title, $about, $slug, Tab::Timeline, Some($event))
    };
    ($group:ident, $title:literal, $about:literal, $slug:literal, $tab:expr, $event:expr) => {
        Example {
            title: $title,
            about: $about,
            group: $group,
            tab: $tab,
            event: $event,
            rule: include_str!(concat!("../../rules/", $slug, ".toml")),
            events: include_str!(concat!("../../rules/", $slug, ".events.ndjson")),
        }
    };
}

/// The first is what a first visit shows.
pub static EXAMPLES: &[Example] = &[
    example!(
        START,
        "OpenSSL client or server",
        "One event: arrays of arguments, and one excluded by a single clause",
        "openssl_client_or_server"
    ),
    example!(
        START,
        "OpenSSH backdoor log",
        "One event: wildcards over paths, four data sources",
        "openssh_backdoor_logging"
    ),
    example!(
        START,
        "Unix socket connection",
        "One event: two ways to match, in four data sources",
        "unix_socket_connection"
    ),
    example!(
        START,
        "Network connection by systemd",
        "A sequence: pairs that form, expire and are overwritten, on a timeline",
        "systemd_network_connection"
    ),
    example!(
        ENDS,
        "Matched: archive, then upload",
        "Same host, same user, 3 minutes apart; the archive of the other user stays alone",
        "archive_then_upload",
        1
    ),
    example!(
        ENDS,
        "Expired: download, then run",
        "On build-09 the file is run 30 s after `maxspan` is over; on web-14 in time",
        "download_then_run",
        3
    ),
    example!(
        ENDS,
        "Overwritten: su, then cron table",
        "Two switches of user wait for one change; the newer takes the place of the older",
        "su_then_cron_edit",
        0
    ),
    example!(
        ENDS,
        "Until: logon, then service",
        "On wks-121 the session ends before the service is made: `until` drops the logon",
        "logon_then_service",
        3
    ),
    example!(
        ENDS,
        "Unwanted event: directory copied",
        "On dc-02 the backup agent came in between, which `![\u{2026}]` forbids; on dc-01 not",
        "directory_copied_without_backup",
        0
    ),
    example!(
        ENDS,
        "Key missing: token, then API call",
        "On node-06 the connection has no `process.entity_id`: stage 2 cannot see it",
        "token_read_then_api_call",
        4
    ),
    example!(
        ENDS,
        "Open at the end: logs deleted",
        "On log-04 the data end while stage 2 may still come: no match, and no refusal",
        "logging_stopped_then_logs_deleted",
        4
    ),
    example!(
        SAMPLES,
        "Reverse shell over UDP",
        "A sample: three events in any order, and which of them a key lacks",
        "udp_reverse_shell"
    ),
];
