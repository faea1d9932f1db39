//! The page.
pub mod protocol;
pub mod state;
