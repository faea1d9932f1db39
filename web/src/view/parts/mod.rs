//! Small pieces used by several views. Functions, not components: they hold nothing.

pub mod button;
pub mod by_pointer;
pub mod code;
pub mod dialog;
pub mod glyph;
pub mod icon;
pub mod markdown;
pub mod menu;
pub mod meter;
pub mod pane;
pub mod rows;
pub mod segmented;
pub mod strip;
pub mod tells;
