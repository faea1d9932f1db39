//! What `--stats` prints.

use std::time::Duration;

use serde::Serialize;

/// One JSON line on standard error. Times are milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Stats {
    /// Events that were loaded.
    pub(crate) events: u32,
    /// Bytes of the event files.
    pub(crate) bytes: u64,
    /// From the files to the columns, reading included.
    pub(crate) ingest_ms: f64,
    /// From the query text to the plan; `None` where many rules are compiled, one before each run.
    pub(crate) compile_ms: Option<f64>,
    /// From the plan to the events that are returned.
    pub(crate) query_ms: f64,
    /// Most memory the process ever had; `None` where the system does not say.
    pub(crate) peak_rss_bytes: Option<u64>,
}

/// Milliseconds, to the microsecond.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

/// The most memory this process ever had resident. Linux says so in `/proc`; elsewhere the file
/// does not exist.
pub(crate) fn peak_rss_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kib * 1024)
}
