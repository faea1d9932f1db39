//! Text to tokens to tree, with findings. Nothing here knows field types or events.

pub mod ast;
pub mod describe;
pub mod format;
pub mod lexer;
pub mod parser;
pub mod print;
pub mod token;
