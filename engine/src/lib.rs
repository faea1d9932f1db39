//! EQLens engine.
pub mod wire;
