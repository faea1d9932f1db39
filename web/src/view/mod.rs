//! What the page looks like. Function components with small props; none owns page state.

pub mod banners;
pub mod blank;
pub mod detail;
pub mod editor;
pub mod editor_js;
pub mod event_view;
pub mod events_pane;
pub mod findings;
pub mod graph;
pub mod list;
pub mod matches;
pub mod outline;
pub mod parts;
pub mod rule_card;
pub mod rule_pane;
pub mod share;
pub mod shortcuts;
pub mod status_bar;
pub mod switcher;
pub mod table;
pub mod tabs;
pub mod timeline;
pub mod toolbar;
pub mod tree_tab;
pub mod why;
