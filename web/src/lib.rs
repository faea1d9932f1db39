//! The EQLens page and its worker.
//!
//! Model, message, update, effect: an event of the browser becomes a [`state::Msg`],
//! [`state::update`] changes the [`state::State`] and names the effects, [`effects`] carries them
//! out and reports back. [`app::App`] holds it together, `view` draws it. The engine runs in
//! [`worker`], which can be killed at any time.

#![allow(missing_docs, reason = "fields of messages and effects say what they are")]

pub mod app;
pub mod effects;
pub mod examples;
pub mod protocol;
pub mod state;
pub mod view;
pub mod worker;
