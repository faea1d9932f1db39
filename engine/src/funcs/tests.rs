//! Every example of spec §6, and what null does to each function.

use crate::funcs::{Failure, find, names};
use crate::value::{Case, Number, Scalar};

/// `name(args…)` with arguments as JSON; the result as JSON, or the failure.
fn call(name: &str, args: &str) -> String {
    let (plain, case) = match name.strip_suffix('~') {
        Some(plain) => (plain, Case::Insensitive),
        None => (name, Case::Sensitive),
    };
    let json: Vec<serde_json::Value> = serde_json::from_str(&format!("[{args}]")).unwrap();
    let args: Vec<Option<Scalar<'_>>> = json
        .iter()
        .map(|value| match value {
            serde_json::Value::String(text) => Some(Scalar::Str(text.as_str().into())),
            serde_json::Value::Bool(value) => Some(Scalar::Bool(*value)),
            serde_json::Value::Number(number) => {
                Some(Scalar::Num(Number::parse(&number.to_string()).unwrap()))
            }
            _ => None,
        })
        .collect();
    match find(plain).unwrap().call(&args, case) {
        Ok(None) => "null".into(),
        Ok(Some(Scalar::Str(text))) => format!("{text:?}"),
        Ok(Some(Scalar::Num(number))) => number.to_string(),
        Ok(Some(Scalar::Bool(value))) => value.to_string(),
        Ok(Some(other)) => format!("{other:?}"),
        Err(failure) => format!("{failure:?}"),
    }
}

#[test]
fn examples_of_the_specification() {
    for (name, args, expected) in [
        // §6.9
        ("add", "4, 0.5", "4.5"),
        ("add", "9223372036854775807, 1", "Overflow"),
        ("subtract", "-2, 4", "-6"),
        ("multiply", "0.25, 2", "0.5"),
        ("divide", "7, 3", "2"),
        ("divide", "7, 3.0", "2.3333333333333335"),
        ("divide", "-7, 2", "-3"),
        ("divide", "1, 0", "DivisionByZero"),
        ("modulo", "-10, -6", "-4"),
        ("modulo", "10, -6", "4"),
        ("modulo", "7, null", "null"),
        ("modulo", "-9223372036854775808, -1", "0"),
        ("divide", "-9223372036854775808, -1", "Overflow"),
        // §6.10
        ("between", r#""k=v1;k=v2;", "k=", ";""#, r#""v1""#),
        ("between", r#""k=v1;k=v2;", "k=", ";", true"#, r#""v1;k=v2""#),
        ("between", r#""abc", "x", "c""#, r#""""#),
        ("between", r#""abc", "a", "x""#, r#""""#),
        ("between", r#""ABC", "a", "c""#, r#""""#),
        ("between~", r#""ABC", "a", "c""#, r#""B""#),
        ("between", r#""abc", "", "c""#, r#""abc""#),
        ("between", r#""cab", "ab", "c", true"#, r#""""#),
        ("between", r#"null, "a", "b""#, "null"),
        ("between", r#""abc", null, "c""#, "null"),
        // §6.11; an address alone is a block of one.
        ("cidrMatch", r#""10.1.2.3", "192.168.0.0/16", "10.6.48.157/8""#, "true"),
        ("cidrMatch", r#""::1", "10.0.0.0/8", "::1""#, "true"),
        ("cidrMatch", r#""10.0.0.1", "::/0""#, "false"),
        ("cidrMatch", r#""fe80::1", "10.0.0.0/0", "::/0""#, "true"),
        ("cidrMatch", r#""host", "10.0.0.0/8""#, "BadAddress"),
        ("cidrMatch", r#"null, "10.0.0.0/8""#, "null"),
        // §6.12
        ("concat", r#""a", 1, true"#, r#""a1true""#),
        ("concat", r#""a", null"#, "null"),
        ("concat", "2.0", r#""2.0""#),
        // §6.13
        ("startsWith", r#""", """#, "true"),
        ("startsWith", r#""abc", "abcd""#, "false"),
        ("startsWith", r#""ébc", "é""#, "true"),
        ("startsWith~", r#""ABC", "ab""#, "true"),
        ("startsWith", r#"null, "a""#, "null"),
        ("endsWith", r#""a.exe", ".exe""#, "true"),
        ("endsWith", r#""aé", "xé""#, "false"),
        ("endsWith~", r#""A.EXE", ".exe""#, "true"),
        // §6.14
        ("indexOf", r#""a.b.c", ".""#, "1"),
        ("indexOf", r#""a.b.c", ".", 2"#, "3"),
        ("indexOf", r#""a.b.c", ".", -9"#, "1"),
        ("indexOf", r#""a.b.c", ".", 1.9"#, "1"),
        ("indexOf", r#""a.b.c", ".", null"#, "1"),
        ("indexOf", r#""a.b.c", "z""#, "null"),
        ("indexOf", r#""a.b.c", ".", 30"#, "null"),
        ("indexOf", r#""abc", """#, "0"),
        ("indexOf", r#""abc", "", 9"#, "3"),
        ("indexOf", r#""abc", "", 18446744073709551616.0"#, "3"),
        ("indexOf", r#""A.B", "b""#, "null"),
        ("indexOf~", r#""A.B", "b""#, "2"),
        ("indexOf", r#""😀a", "a""#, "2"),
        // §6.15
        ("length", r#""""#, "0"),
        ("length", r#""😀é""#, "3"),
        ("length", "null", "null"),
        // §6.16
        ("number", r#""314""#, "314"),
        ("number", r#""-3.5""#, "-3.5"),
        ("number", r#""+7""#, "7"),
        ("number", r#""0x1f""#, "31"),
        ("number", r#""1F", 16"#, "31"),
        ("number", r#""0x32", 16"#, "50"),
        ("number", r#""052403", 8"#, "21763"),
        ("number", r#""0x10", null"#, "16"),
        ("number", r#""0x10", 10"#, "NotANumber"),
        ("number", r#"" 12 ""#, "12"),
        ("number", r#""z""#, "NotANumber"),
        ("number", r#""""#, "NotANumber"),
        ("number", r#""NaN""#, "NotANumber"),
        ("number", "null", "null"),
        // §6.17
        ("stringContains", r#""abc", "b""#, "true"),
        ("stringContains", r#""abc", """#, "false"),
        ("stringContains", r#""", "a""#, "false"),
        ("stringContains~", r#""ABC", "b""#, "true"),
        ("stringContains", r#""abc", null"#, "null"),
        // §6.18
        ("string", "2.0", r#""2.0""#),
        ("string", "1e10", r#""1.0E10""#),
        ("string", "1.5e-5", r#""1.5E-5""#),
        ("string", "12", r#""12""#),
        ("string", "true", r#""true""#),
        ("string", "null", "null"),
        // §6.19
        ("substring", r#""report.docx", 7"#, r#""docx""#),
        ("substring", r#""report.docx", -4"#, r#""docx""#),
        ("substring", r#""report.docx", 0, 6"#, r#""report""#),
        ("substring", r#""report.docx", -4, -1"#, r#""doc""#),
        ("substring", r#""report.docx", -99, 3"#, r#""rep""#),
        ("substring", r#""report.docx", 5, 2"#, r#""""#),
        ("substring", r#""report.docx", 50"#, r#""""#),
        ("substring", r#""abc", null, 1"#, r#""abc""#),
        ("substring", r#""é😀x", 1, 3"#, r#""😀""#),
    ] {
        assert_eq!(call(name, args), expected, "{name}({args})");
    }
}

#[test]
fn null_in_every_required_place_gives_null() {
    // §6.3; the exceptions are above.
    for name in names() {
        let function = find(name).unwrap();
        let args = vec![None; function.required];
        assert_eq!(function.call(&args, Case::Sensitive), Ok(None), "{name}");
    }
    assert_eq!(find("STARTSWITH").map(|f| f.name), Some("startsWith"));
    assert!(find("wildcard").is_none());
    assert_ne!(Failure::Overflow, Failure::NotANumber);
}
