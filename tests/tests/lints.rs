//! The register of lints and its page.

use eqlens_engine::lint;
use eqlens_tests::paths::{repository, text};

#[test]
fn the_page_of_lints_is_the_register() {
    let page = text(&repository().join("docs/LINTS.md"));
    let made = lint::markdown();
    assert_eq!(page, made, "write it with `eqlens check --explain all > docs/LINTS.md`");
}
