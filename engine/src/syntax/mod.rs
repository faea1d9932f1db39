//! Text to tokens to tree, with findings. Nothing here knows field types or events.

pub mod ast;
mod brackets;
pub mod describe;
mod foreign;
pub mod format;
pub mod lexer;
pub mod parser;
pub mod print;
pub mod token;
