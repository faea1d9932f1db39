//! The page.
pub mod protocol;
