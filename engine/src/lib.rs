//! Parses, checks, runs and explains Elastic EQL over events, natively and in WebAssembly.
//!
//! A query goes through four forms: tokens and tree ([`syntax`]), checked condition ([`hir`]), plan
//! ([`plan`]). Events are read straight into columns ([`ingest`], [`store`]). A plan over a store
//! gives one bit per event for every node ([`eval`]); matches, counts and explanations
//! ([`explain`]) are readings of these bits. [`desk::Desk`] ties it together for a caller that asks
//! again and again; [`run`] is the way of one query. What leaves the engine is plain data
//! ([`wire`]).
//!
//! ```
//! use eqlens_engine::desk::Desk;
//!
//! let mut desk = Desk::new();
//! desk.load(r#"{"event": {"category": "process"}, "process": {"name": "CMD.EXE"}}"#);
//! let outcome = desk.run("process where process.name : \"cmd.exe\"", &|| 0.0);
//! assert_eq!(outcome.result.unwrap().matches, 1);
//! ```

pub mod change;
pub mod check;
pub mod compare;
pub mod complete;
pub mod crc;
pub mod desk;
pub mod diag;
pub mod eval;
pub mod expect;
pub mod explain;
pub mod funcs;
pub mod hir;
pub mod ingest;
pub mod join;
pub mod json;
pub mod link;
pub mod lint;
pub mod markdown;
pub mod near;
pub mod pattern;
pub mod plan;
pub mod project;
pub mod regex;
pub mod rule;
pub mod run;
pub mod scan;
pub mod schema;
pub mod shrink;
pub mod sort;
pub mod span;
pub mod store;
pub mod syntax;
pub mod synth;
pub mod time;
pub mod ty;
pub mod value;
#[cfg(feature = "wasm")]
pub mod wasm;
pub mod wire;

/// Version of the engine.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
