//! The formats of the test tables, and the runners that compare them with the engine.

pub mod cases;
pub mod mistakes;
pub mod paths;
pub mod suites;
