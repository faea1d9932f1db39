//! `eqlens fmt`.

use crate::support::Dir;

const BEFORE: &str = "# kept\n[rule]\nname = 'n'\nquery = '''\nany where  a==1 // why\n'''\n";
const AFTER: &str = "# kept\n[rule]\nname = 'n'\nquery = '''\nany where a == 1 // why\n'''\n";

#[test]
fn a_query_a_file_and_standard_input_are_printed() {
    let dir = Dir::new("fmt_prints").with("r.toml", BEFORE);
    let answer = dir.eqlens(&["fmt", "--query", "any   where a\n  // b\n and c"]);
    assert_eq!(
        (answer.code, &*answer.out, &*answer.err),
        (0, "any where a and\n  // b\n  c\n", "")
    );
    let answer = dir.eqlens(&["fmt", "r.toml"]);
    assert_eq!((answer.code, &*answer.out, &*answer.err), (0, AFTER, ""));
    let answer = dir.eqlens_with_input(&["fmt", "-"], "any where ( a )");
    assert_eq!((answer.code, &*answer.out), (0, "any where (a)\n"));
    assert_eq!(dir.read("r.toml").as_deref(), Some(BEFORE), "nothing is written unasked");
}

#[test]
fn check_names_what_would_change_and_write_changes_it() {
    let dir = Dir::new("fmt_check")
        .with("rules/a.toml", BEFORE)
        .with("rules/b.eql", "any where true\n")
        .with("rules/a.cases.toml", "case = []\n")
        .with(
            "rules/more/c.ndjson",
            "{\"query\":\"any where x\"}\n{\"query\":\"any  where (x )\"}\n",
        );
    let changed = "rules/a.toml\nrules/more/c.ndjson\n";
    let answer = dir.eqlens(&["fmt", "--check", "rules"]);
    assert_eq!((answer.code, &*answer.out, &*answer.err), (1, changed, ""));
    let answer = dir.eqlens(&["fmt", "--write", "rules"]);
    assert_eq!((answer.code, &*answer.out, &*answer.err), (0, changed, ""));
    assert_eq!(dir.read("rules/a.toml").as_deref(), Some(AFTER));
    let lines = "{\"query\":\"any where x\"}\n{\"query\":\"any where (x)\"}\n";
    assert_eq!(dir.read("rules/more/c.ndjson").as_deref(), Some(lines));
    let answer = dir.eqlens(&["fmt", "--check", "rules"]);
    assert_eq!((answer.code, &*answer.out, &*answer.err), (0, "", ""));
    assert_eq!(dir.eqlens(&["fmt", "--check", "--query", "any where (x )"]).code, 1);
}

#[test]
fn what_cannot_be_formatted_is_left_alone_and_costs_nobody_else() {
    let broken = "any where  a = \n";
    let dir = Dir::new("fmt_refuses")
        .with("a.eql", broken)
        .with("b.eql", "any  where x\n")
        .with("kuery.toml", "[rule]\nlanguage = \"kuery\"\nquery = 'a:  b'\n");
    let answer = dir.eqlens(&["fmt", "--write", "a.eql", "kuery.toml", "gone.eql", "b.eql"]);
    assert_eq!((answer.code, &*answer.out), (2, "b.eql\n"), "{}", answer.err);
    assert!(answer.err.contains("E-202") && answer.err.contains("gone.eql"), "{}", answer.err);
    assert_eq!(dir.read("a.eql").as_deref(), Some(broken));
    assert_eq!(dir.read("b.eql").as_deref(), Some("any where x\n"));
    for several in [&["fmt", "."][..], &["fmt", "a.eql", "b.eql"]] {
        let answer = dir.eqlens(several);
        assert_eq!((answer.code, &*answer.out), (2, ""));
        assert!(answer.err.contains("`--check`") && answer.err.contains("`--write`"));
    }
    let answer = dir.eqlens(&["fmt", "a.eql"]);
    assert_eq!((answer.code, &*answer.out), (1, broken));
    let answer = dir.eqlens_with_input(&["fmt", "--write", "-"], "any where x");
    assert_eq!((answer.code, &*answer.out), (2, ""));
}
