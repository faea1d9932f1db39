//! Events with only the fields a rule reads, for links that have to be short (product §3.4).

use crate::desk::Desk;
use crate::json::quoted;

/// All events of a desk, one a line, each with nothing but what stands at the fields, its `_id` and
/// its `_index`. Values stay byte for byte as they were.
///
/// An object that holds none of the fields is left out, and so is an empty one; an array is kept
/// whole where it is a field's value, and by its objects' members where it stands above fields.
#[must_use]
pub fn events(desk: &Desk, fields: &[String]) -> String {
    let store = desk.store();
    let mut out = String::new();
    for event in 0..store.n_events() {
        let Some(source) = desk.source(event) else { continue };
        let mut walk = Walk::new(source, fields);
        let Some(kept) = walk.event() else { continue };
        // What stood around the event, in a search response, is not part of its own text.
        let (id, index) = (store.id(event), store.index(event));
        let is_named = walk.has_id || id == event.to_string();
        if is_named && (walk.has_index || index.is_empty()) {
            out.push_str(&kept);
        } else {
            out.push('{');
            if !index.is_empty() {
                out.push_str(&format!("\"_index\":{},", quoted(&index)));
            }
            out.push_str(&format!("\"_id\":{},\"_source\":{kept}}}", quoted(&id)));
        }
        out.push('\n');
    }
    out
}

/// One event's JSON with what stands at these fields; `None` where it is no JSON object.
#[must_use]
pub fn project(source: &str, fields: &[String]) -> Option<String> {
    Walk::new(source, fields).event()
}

/// A pass over a JSON text that is known to be sound: a mistake ends it.
struct Walk<'t> {
    rest: &'t str,
    fields: &'t [String],
    /// The event itself says its id, its index.
    has_id: bool,
    has_index: bool,
}

/// What a path has to do with the fields.
enum Part {
    Field,
    Above,
    Foreign,
}

impl<'t> Walk<'t> {
    fn new(source: &'t str, fields: &'t [String]) -> Self {
        Self { rest: source, fields, has_id: false, has_index: false }
    }

    /// What of a whole event is kept.
    fn event(&mut self) -> Option<String> {
        Some(self.object("")?.unwrap_or_else(|| "{}".into()))
    }

    /// What of the object at `path` is kept; `Some(None)` if nothing is.
    fn object(&mut self, path: &str) -> Option<Option<String>> {
        let mut members = Vec::new();
        self.mark('{')?;
        if self.mark('}').is_some() {
            return Some(None);
        }
        loop {
            let key = self.token()?;
            let name: String = serde_json::from_str(key).ok()?;
            self.mark(':')?;
            let path = if path.is_empty() { name } else { format!("{path}.{name}") };
            if let Some(value) = self.value(&path)? {
                members.push(format!("{key}:{value}"));
            }
            if self.mark('}').is_some() {
                return Some((!members.is_empty()).then(|| format!("{{{}}}", members.join(","))));
            }
            self.mark(',')?;
        }
    }

    /// What of the value at `path` is kept.
    fn value(&mut self, path: &str) -> Option<Option<String>> {
        match self.part(path) {
            Part::Field => Some(Some(self.whole()?)),
            Part::Above if self.peek() == Some('{') => self.object(path),
            Part::Above if self.peek() == Some('[') => {
                let mut kept = Vec::new();
                self.mark('[')?;
                while self.mark(']').is_none() {
                    kept.extend(self.value(path)?);
                    self.mark(',');
                }
                Some((!kept.is_empty()).then(|| format!("[{}]", kept.join(","))))
            }
            Part::Above | Part::Foreign => {
                self.whole()?;
                Some(None)
            }
        }
    }

    fn part(&mut self, path: &str) -> Part {
        self.has_id |= path == "_id";
        self.has_index |= path == "_index";
        if ["_id", "_index"].contains(&path) || self.fields.iter().any(|field| field == path) {
            return Part::Field;
        }
        let above =
            |field: &String| field.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        if self.fields.iter().any(above) { Part::Above } else { Part::Foreign }
    }

    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn mark(&mut self, mark: char) -> Option<()> {
        self.peek()?;
        self.rest = self.rest.strip_prefix(mark)?;
        Some(())
    }

    /// A whole value without the blanks between its tokens.
    fn whole(&mut self) -> Option<String> {
        let mut kept = String::new();
        let mut depth = 0;
        loop {
            let token = self.token()?;
            kept.push_str(token);
            match token {
                "{" | "[" => depth += 1,
                "}" | "]" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(kept);
            }
        }
    }

    /// The next token: a mark, a string with its quotes, a number or a word.
    fn token(&mut self) -> Option<&'t str> {
        let first = self.peek()?;
        let mut escaped = false;
        let mut ended = |c: char| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        };
        let len = match first {
            '"' => self.rest.get(1..)?.find(&mut ended)? + 2,
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            _ => {
                let is_end = |c: char| c.is_whitespace() || "{}[],:\"".contains(c);
                self.rest.find(is_end).unwrap_or(self.rest.len())
            }
        };
        let (token, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_fields_are_kept_and_their_tokens_stay() {
        let fields = ["a.b".to_owned(), "t".into(), "o".into()];
        for (source, expected) in [
            (r#"{"a":{"b":1.50,"c":2},"d":3}"#, r#"{"a":{"b":1.50}}"#),
            (
                r#"{"a.b" : [ 1, "x\"}\\" , {"z":null}],"a.c":1}"#,
                r#"{"a.b":[1,"x\"}\\",{"z":null}]}"#,
            ),
            (
                r#"{"a":[{"b":9007199254740993},{"c":1},{"b":"é\u00e9"}]}"#,
                r#"{"a":[{"b":9007199254740993},{"b":"é\u00e9"}]}"#,
            ),
            (
                r#"{"_id":"i","x":{"_id":"no"},"_index":"n","t":true}"#,
                r#"{"_id":"i","_index":"n","t":true}"#,
            ),
            (r#"{"\u0061":{"b":-1e9}, "o":{}}"#, r#"{"\u0061":{"b":-1e9},"o":{}}"#),
            (r#"{"a":"text","ab":{"b":1}}"#, "{}"),
            ("{ }", "{}"),
            ("{\n \"t\":\n 1\n}", r#"{"t":1}"#),
        ] {
            assert_eq!(project(source, &fields).as_deref(), Some(expected), "{source}");
        }
        for broken in ["", "[]", "{\"t\":", "{\"t\" 1}", "{\"t\":\"", "{\"a\":[1", "{\"t\":{"] {
            assert_eq!(project(broken, &fields), None, "{broken}");
        }
    }

    #[test]
    fn projected_events_match_as_the_whole_ones_do() {
        let mut desk = Desk::new();
        desk.load(
            "{\"_id\":\"e1\",\"_index\":\"i\",\"a\":1,\"x\":\"secret\",\"@timestamp\":5}\n\
             {\"_id\":\"e2\",\"_source\":{\"a\":2,\"x\":1}}\n{\"a\":3,\"x\":2}",
        );
        desk.run("any where a > 1", &|| 0.0);
        let fields = desk.fields_read().unwrap();
        let text = events(&desk, &fields);
        assert_eq!(
            text,
            "{\"_id\":\"e1\",\"_index\":\"i\",\"a\":1,\"@timestamp\":5}\n\
             {\"_id\":\"e2\",\"_source\":{\"a\":2}}\n{\"a\":3}\n"
        );
        let mut again = Desk::new();
        again.load(&text);
        let outcome = again.run("any where a > 1", &|| 0.0);
        assert_eq!(outcome.result.unwrap().matches, 2);
    }
}
