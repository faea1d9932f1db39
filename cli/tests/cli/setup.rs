//! `eqlens completions` and `eqlens man`.

use crate::support::Dir;

const COMMANDS: [&str; 9] =
    ["run", "explain", "scan", "check", "test", "parse", "link", "completions", "man"];

#[test]
fn every_shell_completes_every_command() {
    let dir = Dir::new("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let answer = dir.eqlens(&["completions", shell]);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{shell}");
        for command in COMMANDS {
            assert!(answer.out.contains(command), "{shell}: {command}");
        }
    }
}

#[test]
fn there_is_a_page_for_the_whole_and_for_each_command() {
    let dir = Dir::new("man");
    let page = dir.eqlens(&["man"]);
    assert_eq!((page.code, page.err.as_str()), (0, ""));
    assert!(page.out.contains(".TH eqlens 1"), "{}", page.out);
    let answer = dir.eqlens(&["man", "--out", "pages"]);
    assert_eq!((answer.code, answer.out.as_str()), (0, ""));
    assert!(dir.read("pages/eqlens.1").is_some());
    for command in COMMANDS {
        let page = dir.read(&format!("pages/eqlens-{command}.1"));
        assert!(page.is_some_and(|page| page.contains(".SH SYNOPSIS")), "{command}");
    }
    assert!(dir.read("pages/eqlens-link-decode.1").is_some());
}
