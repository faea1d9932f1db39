//! Test format and runner.
