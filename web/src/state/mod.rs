//! The page's state: what it knows ([`model`]), what can happen ([`msg`]), what follows
//! ([`update`]) and what has to be done outside ([`effect`]).
//!
//! Plain Rust: no clock, storage, DOM or worker. Everything here runs in native tests.

pub mod anchor;
pub mod assist;
pub mod boot;
pub mod compare;
pub mod docs;
pub mod draft;
pub mod effect;
pub mod engine;
pub mod export;
pub mod keys;
pub mod list;
pub mod model;
pub mod msg;
pub mod page;
pub mod problems;
pub mod share;
pub mod table;
pub mod text;
pub mod timeline;
pub mod tree;
pub mod tree_layout;
pub mod update;
pub mod window;

mod answers;
pub mod closely;
mod link;
pub mod making;
mod moves;

pub use effect::Effect;
pub use model::State;
pub use msg::Msg;
pub use update::update;

#[cfg(test)]
mod tests;
