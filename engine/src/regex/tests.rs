//! Rows of the dialect (spec §5.10 to §5.20), faults with their places, limits.

mod definition;

use super::*;
use Case::{Insensitive, Sensitive};

fn regex(pattern: &str, case: Case) -> Regex {
    Regex::new(&[pattern], case).unwrap_or_else(|error| panic!("{pattern}: {error:?}"))
}

/// Every row: pattern, texts that match, texts that do not.
fn check(case: Case, rows: &[(&str, &[&str], &[&str])]) {
    for (pattern, yes, no) in rows {
        let regex = regex(pattern, case);
        for text in *yes {
            assert!(regex.is_match(text), "`{pattern}` should match {text:?}");
        }
        for text in *no {
            assert!(!regex.is_match(text), "`{pattern}` should not match {text:?}");
        }
    }
}

#[test]
fn operators_mean_what_the_dialect_says() {
    check(
        Sensitive,
        &[
            (".", &["a", "\n", "\r", "\u{1f600}"], &["", "ab"]),
            ("a*", &["", "a", "aaa"], &["b", "ab"]),
            ("a+", &["a", "aaa"], &[""]),
            ("a?", &["", "a"], &["aa"]),
            ("a{3}", &["aaa"], &["aa", "aaaa"]),
            ("a{2,}", &["aa", "aaaaa"], &["a"]),
            ("a{2,4}", &["aa", "aaa", "aaaa"], &["a", "aaaaa"]),
            ("a{0}", &[""], &["a"]),
            ("(ab){2}", &["abab"], &["ab", "abb", "ababab"]),
            ("a|b", &["a", "b"], &["", "ab", "a|b"]),
            ("(a|b)c", &["ac", "bc"], &["c", "abc"]),
            ("()", &[""], &["a", "()"]),
            ("a()b", &["ab"], &["a b"]),
            ("[abc]", &["a", "c"], &["d", "", "ab"]),
            ("[a-z]+", &["az"], &["A", "a0", ""]),
            ("[^x]", &["a", "\n", "^"], &["x", ""]),
            ("[a^]", &["a", "^"], &["b"]),
            ("[x&~]", &["&", "~"], &["y"]),
            ("\"a.b\"", &["a.b"], &["axb", "\"a.b\""]),
            ("\"a\\\"", &["a\\"], &["a"]),
            ("\"\"", &[""], &["\"\""]),
            (r"\.", &["."], &["a"]),
            (r"\1", &["1"], &["2", "\\1"]),
            (r"\\", &["\\"], &["\\\\"]),
            ("\\\u{e9}", &["\u{e9}"], &["\\"]),
            (r"\d\D", &["1a", "0\n"], &["a1", "11", "\u{663}a"]),
            (r"\w\W", &["a-", "_ ", "Z\u{e9}"], &["--", "ab", "\u{e9} "]),
            (r"\s\S", &[" a", "\tb", "\nc", "\r\u{a0}"], &["a ", "\u{b}a", "\u{a0}a"]),
            (r"[\d]", &["5"], &["d", "\\"]),
            (r"[\D]", &["d"], &["5"]),
            (r"[^\w]", &["-"], &["w", "_"]),
            (r"[\s\S]", &["a", " "], &[""]),
            ("^a$", &["^a$"], &["a"]),
            ("/-:=!,%", &["/-:=!,%"], &[""]),
            ("@", &["", "a\nb"], &[]),
            ("a@", &["a", "a\u{1f600}"], &["", "b"]),
            ("#", &[], &["", "#"]),
            ("#|a", &["a"], &["", "#"]),
            ("a#?", &["a"], &["a#"]),
            (".*a.*&.*b.*", &["ab", "xbya"], &["a", "b", ""]),
            ("~a", &["", "b", "aa"], &["a"]),
            ("~(a|b)", &["", "c", "ab"], &["a", "b"]),
            ("~~a", &["a"], &["", "b"]),
            ("@&~(.*x.*)", &["", "abc"], &["x", "axb"]),
            ("a.*z", &["az", "a-\n-z"], &["a", "za"]),
            ("ab+?", &["a", "ab", "abb"], &["b"]),
        ],
    );
}

#[test]
fn complement_and_intersection_work_at_any_depth() {
    check(
        Sensitive,
        &[
            ("a(~b)c", &["ac", "abbc", "axc"], &["abc", "a"]),
            ("(a|~(b|c))d", &["ad", "d", "bbd"], &["bd", "cd"]),
            ("x([a-z]+&~(if|do))y", &["xaby", "xifay"], &["xify", "xdoy", "xy"]),
            ("(a.*&.*b)+", &["ab", "aabxab"], &["a", "ba"]),
            // `~` binds tighter than a quantifier, `&` looser than concatenation.
            ("~a*", &["", "b", "aa", "aaa"], &["a"]),
            ("~(a*)", &["b", "ab"], &["", "a", "aa"]),
            ("ab&a.", &["ab"], &["a", "ac"]),
            ("a|b&c|d", &["a", "d"], &["b", "c"]),
            ("a~b", &["a", "aa", "abb"], &["ab"]),
        ],
    );
}

#[test]
fn characters_without_a_role_are_literals() {
    check(
        Sensitive,
        &[
            ("*.exe", &["*.exe", "*xexe"], &["a.exe", ".exe"]),
            ("+", &["+"], &[""]),
            ("?a", &["?a"], &["a"]),
            ("{3}", &["{3}"], &["3"]),
            ("(*a)", &["*a"], &["a"]),
            ("a|*b", &["a", "*b"], &["b"]),
            ("**", &["", "*", "**"], &["a"]),
            ("a]", &["a]"], &["a"]),
            ("a}", &["a}"], &["a"]),
            ("a>", &["a>"], &["a"]),
            ("~*", &["", "**"], &["*"]),
            ("\u{e9}+", &["\u{e9}\u{e9}"], &["\u{c9}"]),
        ],
    );
}

#[test]
fn classes_follow_their_own_rules() {
    check(
        Sensitive,
        &[
            ("[]a]+", &["]", "a]"], &["[", ""]),
            ("[^]a]", &["b"], &["]", "a"]),
            (r"[a\-]", &["a", "-"], &["\\"]),
            (r"[a\]]", &["a", "]"], &["\\"]),
            ("[-a]", &["-", "a"], &["b"]),
            ("[a-c-e]", &["a", "b", "-", "e"], &["d"]),
            ("[\"a]", &["\"", "a"], &["b"]),
            ("[.*+?(){}|@#<>^$/]", &[".", "*", "|", "@", "#", ">", "$"], &["a"]),
            (r"[\+-z]", &["+", "-", "z"], &["a", ",", "."]),
            (r"[!-\/]", &["!", "/", "-"], &["0", "\\"]),
            (r"[\d-f]", &["1", "-", "f"], &["e", "d"]),
            (r"[\\]", &["\\"], &["a"]),
            ("[[:alpha:]]", &["a]", "[]", ":]"], &["a", "b", "b]"]),
            ("[\u{430}-\u{44f}]+", &["\u{43f}\u{44f}"], &["\u{410}", "a"]),
            ("[^a]", &["\u{10ffff}", "\u{1f600}"], &["a"]),
        ],
    );
}

#[test]
fn a_second_quantifier_repeats_the_first() {
    check(
        Sensitive,
        &[
            ("a+?", &["", "a", "aa"], &["b"]),
            ("a{2}?", &["", "aa"], &["a", "aaa"]),
            ("a*+", &["", "aaa"], &["b"]),
            ("a{2}*", &["", "aa", "aaaa"], &["a", "aaa"]),
            ("a{2}{3}", &["aaaaaa"], &["aaaaa", "aa"]),
            ("(a{2,3}){2}", &["aaaa", "aaaaa", "aaaaaa"], &["aaa", "aaaaaaa"]),
            (".*?", &["", "abc"], &[]),
            ("a+{0}", &[""], &["a"]),
        ],
    );
}

#[test]
fn number_ranges_know_leading_zeros() {
    check(
        Sensitive,
        &[
            ("<7-123>", &["7", "99", "123", "007", "00100"], &["6", "124", "", "0", "1a", "0006"]),
            ("<0-10>", &["0", "000", "10", "010", "5"], &["", "11"]),
            ("<007-123>", &["007", "010", "123"], &["7", "07", "0007", "006", "124"]),
            ("<123-7>", &["7", "99", "123"], &["6", "124"]),
            ("<10-20>", &["10", "15", "20"], &["9", "21", "015"]),
            ("<5-5>", &["5"], &["05", "4", "55"]),
            ("<0-2147483647>", &["0", "2147483647", "01999999999"], &["2147483648", "9999999999"]),
            ("10\\.<0-255>", &["10.0", "10.255", "10.19"], &["10.256", "10."]),
        ],
    );
    for (low, high) in [(0, 0), (3, 8), (8, 27), (19, 401), (100, 999), (99, 1000), (555, 1234)] {
        let regex = regex(&format!("<{low}-{high}>"), Sensitive);
        let mut matcher = regex.matcher();
        for number in 0..2000 {
            let expected = (low..=high).contains(&number);
            assert_eq!(matcher.is_match(&number.to_string()), expected, "<{low}-{high}> {number}");
        }
    }
}

#[test]
fn ignoring_case_folds_single_ascii_letters_only() {
    check(
        Insensitive,
        &[
            ("cmd", &["cmd", "CMD", "cMd"], &["cm"]),
            ("[a-c]+k", &["abK", "abck"], &["ABk"]),
            ("[ax-z]", &["a", "A", "x"], &["X"]),
            ("[^k]", &["x"], &["k", "K"]),
            ("\"Ab\"", &["aB"], &["a"]),
            ("\u{c4}", &["\u{c4}"], &["\u{e4}"]),
            ("k", &["K"], &["\u{212a}"]),
            ("~a", &["b"], &["a", "A"]),
            (r"\d@", &["1"], &["d"]),
        ],
    );
    check(Sensitive, &[("cmd", &["cmd"], &["CMD"])]);
}

#[test]
fn empty_patterns_and_several_patterns() {
    check(Sensitive, &[("", &[""], &["a"])]);
    let any_of = Regex::new(&["a|b", "c&.", ""], Sensitive).unwrap();
    for (text, expected) in [("a", true), ("b", true), ("c", true), ("", true), ("d", false)] {
        assert_eq!(any_of.is_match(text), expected, "{text}");
    }
    assert!(!Regex::new(&[], Sensitive).unwrap().is_match(""));
    assert_eq!(regex("a", Sensitive), regex("a", Sensitive).clone());
    assert_ne!(regex("a", Sensitive), regex("a", Insensitive));
    assert_ne!(regex("a", Sensitive), regex("(a)", Sensitive));
}

#[test]
fn faults_say_where() {
    use RegexErrorKind as Kind;
    for (pattern, place, kind) in [
        ("a(?i)b", "(?", Kind::Extension(Extension::Flags)),
        ("(?:ab)", "(?", Kind::Extension(Extension::NonCapturing)),
        ("(?=a)", "(?", Kind::Extension(Extension::LookAround)),
        ("(?<!a)", "(?", Kind::Extension(Extension::LookAround)),
        ("(?<n>a)", "(?", Kind::Extension(Extension::Named)),
        ("(?P<n>a)", "(?", Kind::Extension(Extension::Named)),
        ("(?)", "(?", Kind::Extension(Extension::Other)),
        (r"a\bc", r"\b", Kind::UnknownEscape('b')),
        (r"\x41", r"\x", Kind::UnknownEscape('x')),
        (r"[\p{L}]", r"\p", Kind::UnknownEscape('p')),
        (r"[a-\z]", r"\z", Kind::UnknownEscape('z')),
        (r"a\", r"\", Kind::EscapeAtEnd),
        ("a|", "|", Kind::EmptyAlternative('|')),
        ("(b|)", "|", Kind::EmptyAlternative('|')),
        ("|a", "|", Kind::EmptyAlternative('|')),
        ("(|a)", "|", Kind::EmptyAlternative('|')),
        ("a&", "&", Kind::EmptyAlternative('&')),
        ("&a", "&", Kind::EmptyAlternative('&')),
        ("a~", "~", Kind::NothingToNegate),
        ("(~)", "~", Kind::NothingToNegate),
        ("ab)c", ")", Kind::UnmatchedParen),
        (")", ")", Kind::UnmatchedParen),
        ("())", "end", Kind::UnmatchedParen),
        ("a(b", "(", Kind::UnclosedGroup),
        ("a(", "(", Kind::UnclosedGroup),
        ("[ab", "[", Kind::UnclosedClass),
        ("[]", "[", Kind::UnclosedClass),
        ("[^]", "[", Kind::UnclosedClass),
        ("[a-", "[", Kind::UnclosedClass),
        ("[a-]", "-]", Kind::RangeWithoutEnd),
        ("[+-]x]", "-]", Kind::RangeWithoutEnd),
        (r"[a-\d]", r"\d", Kind::RangeToClass('d')),
        ("[xz-a]", "z-a", Kind::RangeOrder('z', 'a')),
        ("a\"b", "\"", Kind::UnclosedQuote),
        ("a<b", "<", Kind::UnclosedInterval),
        ("a<name>", "<name>", Kind::BadInterval),
        ("<1-2-3>", "<1-2-3>", Kind::BadInterval),
        ("<-3>", "<-3>", Kind::BadInterval),
        ("<>", "<>", Kind::BadInterval),
        ("<1-2147483648>", "<1-2147483648>", Kind::IntervalTooLarge),
        ("a{x}", "{", Kind::RepeatWithoutNumber),
        ("a{,3}", "{", Kind::RepeatWithoutNumber),
        ("a{3", "{3", Kind::UnclosedRepeat),
        ("a{3,x}", "{3,", Kind::UnclosedRepeat),
        ("a{4,2}", "{4,2}", Kind::RepeatOrder),
        ("a{10001}", "10001", Kind::TooLarge),
        ("a{99999999999}", "99999999999", Kind::TooLarge),
        ("(a{101}b*){100}", "{100}", Kind::TooLarge),
        ("\u{e9}\u{e9}(a", "(", Kind::UnclosedGroup),
    ] {
        let error = Regex::new(&["ok", pattern], Sensitive).expect_err(pattern);
        let start = match place {
            "end" => pattern.len() - 1,
            _ => pattern.rfind(place).unwrap(),
        };
        let end = if place == "end" { pattern.len() } else { start + place.len() };
        assert_eq!(error, RegexError { pattern: 1, start, end, kind }, "{pattern}");
        assert!(!error.kind.message().is_empty());
        assert!(error.kind.help().is_some_and(|help| !help.is_empty()));
        let unsupported = matches!(error.kind, RegexErrorKind::Extension(_));
        assert_eq!(error.kind.is_unsupported(), unsupported);
    }
}

#[test]
fn limits_are_faults() {
    let fault = |patterns: &[&str]| Regex::new(patterns, Sensitive).err();
    let long = "\u{e9}".repeat(1000);
    assert_eq!(fault(&[&long]), None);
    let error = fault(&[&format!("{long}ab")]).unwrap();
    assert_eq!((error.start, error.end, error.kind), (2000, 2002, RegexErrorKind::TooLong));
    // Joined by a bar: 500 + 1 + 499 characters are the most.
    let half = "a".repeat(500);
    assert_eq!(fault(&[&half, &half[1..]]), None);
    let error = fault(&[&half, &half]).unwrap();
    assert_eq!((error.pattern, error.start, error.end), (1, 499, 500));
    // Together they are too large.
    assert_eq!(fault(&["a{6000}"]), None);
    assert_eq!(fault(&["a{6000}", "b{6000}"]).unwrap().kind, RegexErrorKind::TooLarge);

    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(fault(&[&nested(200)]), None);
    let error = fault(&[&nested(201)]).unwrap();
    assert_eq!((error.start, error.end, error.kind), (200, 201, RegexErrorKind::TooDeep));
    assert_eq!(fault(&[&"(".repeat(1000)]).unwrap().kind, RegexErrorKind::TooDeep);
    assert_eq!(fault(&[&format!("{}a", "~".repeat(999))]), None);
    assert_eq!(fault(&[&format!("a{}", "?".repeat(999))]), None);
}

#[test]
fn hostile_patterns_stay_within_bounds() {
    let text = "ab".repeat(2000);
    for pattern in [
        "(a?){500}a{500}".to_owned(),
        format!("{}{}", "a?".repeat(300), "a".repeat(300)),
        "(a*)*b(a|aa)+".to_owned(),
        ".*a.{2000}".to_owned(),
        "~(.*a.{50}&~(.*b.{49}))".to_owned(),
        // Without a memory for concatenations this takes 2^60 steps.
        format!("({})c", "(aa|bb)".repeat(60)),
        format!("{}b", "(a|ab|b)".repeat(100)),
        "(a{0,99}b?){0,99}".to_owned(),
        format!("{}x{}", "(".repeat(199), ")?".repeat(199)),
    ] {
        let regex = regex(&pattern, Sensitive);
        let mut matcher = regex.matcher();
        matcher.is_match(&text);
        assert!(matcher.len() <= 10_000, "{pattern}");
    }
    assert!(regex(".*a.{1998}", Sensitive).is_match(&text.replace("ba", "aa")));
    assert!(regex("(a?){500}a{500}", Sensitive).is_match(&"a".repeat(750)));
    assert!(!regex("(a?){500}a{500}", Sensitive).is_match(&"a".repeat(1001)));
}

#[test]
fn states_stay_few() {
    for (pattern, most) in [
        (".*powershell.*", 11),
        (".*(foo|bar|baz).*(qux|quux).*", 11),
        ("~(~(a*)b)", 5),
        ("(a|b)*abb", 4),
    ] {
        let regex = regex(pattern, Insensitive);
        let mut matcher = regex.matcher();
        for seed in 0..2000_u32 {
            let letter =
                |at: u32| b"abfopqrsuwxyzehl"[(seed.wrapping_mul(at * at + 7) >> 3) as usize % 16];
            let text: Vec<u8> = (1..30).map(letter).collect();
            matcher.is_match(std::str::from_utf8(&text).unwrap());
        }
        assert!(matcher.len() <= most, "{pattern}: {} states", matcher.len());
    }
}

#[test]
fn remarks_point_at_what_means_something_else() {
    use RemarkKind as Kind;
    let of = |pattern, case| {
        let found = remarks(pattern, case);
        found.into_iter().map(|r| (r.kind, pattern[r.start..r.end].to_owned())).collect::<Vec<_>>()
    };
    for (pattern, case, expected) in [
        ("^cmd$", Sensitive, vec![(Kind::Anchor('^'), "^"), (Kind::Anchor('$'), "$")]),
        (r"\^a\$[$^]", Sensitive, vec![]),
        ("[a-c]", Insensitive, vec![(Kind::LetterRange, "a-c")]),
        ("[^x0-9W-Z]", Insensitive, vec![(Kind::LetterRange, "W-Z")]),
        ("[a-zA-Z0-9]", Insensitive, vec![]),
        ("[a-cABC]", Insensitive, vec![]),
        ("[a-c]", Sensitive, vec![]),
        ("*.exe", Sensitive, vec![(Kind::LiteralQuantifier('*'), "*")]),
        ("a+?b*?c??", Sensitive, vec![(Kind::StackedQuantifier('?'), "?")]),
        ("a{2}+", Sensitive, vec![(Kind::StackedQuantifier('+'), "+")]),
        (r"(a)\1", Sensitive, vec![(Kind::BackReference('1'), r"\1")]),
        ("[[:alpha:]]", Sensitive, vec![(Kind::PosixClass, "[:alpha:]")]),
        (
            "a@b#c&~d\"e\"",
            Sensitive,
            vec![
                (Kind::Operator('@'), "@"),
                (Kind::Operator('#'), "#"),
                (Kind::Operator('&'), "&"),
                (Kind::Operator('~'), "~"),
                (Kind::Operator('"'), "\"e\""),
            ],
        ),
        // Up to the first fault.
        ("^(?i)$", Sensitive, vec![(Kind::Anchor('^'), "^")]),
    ] {
        let expected: Vec<_> =
            expected.into_iter().map(|(kind, text)| (kind, text.to_owned())).collect();
        assert_eq!(of(pattern, case), expected, "{pattern}");
        for (kind, _) in expected {
            assert!(!kind.message().is_empty() && !kind.help().is_empty());
        }
    }
}
