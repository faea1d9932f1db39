//! A pull reader of JSON (RFC 8259): borrowed texts, exact numbers, exact places of mistakes.
//!
//! It is our own because events are read straight into columns, mistakes need our words and
//! their exact place, and the display of an event needs every token as it was written. Its
//! agreement with a library is held by a property test.

use std::borrow::Cow;

use crate::value::Number;

/// Deepest nesting of objects and arrays that is read.
pub const MAX_DEPTH: usize = 200;

/// One step through a JSON text.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'t> {
    /// `{`
    OpenObject,
    /// `}`
    CloseObject,
    /// `[`
    OpenArray,
    /// `]`
    CloseArray,
    /// A member name; its value follows.
    Key(Cow<'t, str>),
    /// A string.
    Str(Cow<'t, str>),
    /// A number.
    Num(Number),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// The value is complete.
    End,
}

/// What is wrong, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Byte from the beginning of the text.
    pub at: usize,
    /// In words, without a final stop.
    pub reason: String,
}

/// A text as a JSON string, with its quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c < ' ' => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A value without arrays, and its numbers and literals as texts: what a description of fields is
/// made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// Members in their order.
    Object(Vec<(String, Tree)>),
    /// A text; a number, `true` or `false` as text.
    Text(String),
    /// Null, or an array.
    Other,
}

impl Tree {
    /// Reads the one value of a text.
    ///
    /// # Errors
    /// The first mistake; also where something follows the value.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let mut reader = Reader::new(text, 0);
        let tree = Self::read(&mut reader)?;
        let rest = text.get(reader.position()..).unwrap_or_default();
        match rest.trim_ascii_start() {
            "" => Ok(tree),
            more => {
                let at = text.len() - more.len();
                Err(Mistake { at, reason: "expected the end of the text".into() })
            }
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        let event = reader.next_event()?;
        Self::after(event, reader)
    }

    fn after(event: Event<'_>, reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        Ok(match event {
            Event::OpenObject => {
                let mut members = Vec::new();
                while let Event::Key(name) = reader.next_event()? {
                    let name = name.into_owned();
                    members.push((name, Self::read(reader)?));
                }
                Self::Object(members)
            }
            Event::OpenArray => {
                loop {
                    match reader.next_event()? {
                        Event::CloseArray => break,
                        event => Self::after(event, reader)?,
                    };
                }
                Self::Other
            }
            Event::Str(text) => Self::Text(text.into_owned()),
            Event::Num(number) => Self::Text(number.to_string()),
            Event::Bool(value) => Self::Text(value.to_string()),
            _ => Self::Other,
        })
    }

    /// The value of a member; of several with one name the last.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The members; none of anything but an object.
    #[must_use]
    pub fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The text of a member.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads one value and remembers where it is.
#[derive(Clone, Debug)]
pub struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Open brackets: true for objects.
    open: Vec<bool>,
    state: State,
    /// Where the last event began and ended.
    start: usize,
    end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A value must follow.
    Value,
    /// A value or `]` may follow.
    FirstElement,
    /// A name or `}` may follow.
    FirstKey,
    /// A name must follow.
    Key,
    /// `,` or the closing bracket must follow, or the value is complete.
    After,
}

impl<'t> Reader<'t> {
    /// A reader at the byte `at` of a text.
    #[must_use]
    pub fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, open: Vec::new(), state: State::Value, start: at, end: at }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The byte after what was read so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// Bytes of the last event.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    /// Does the next value begin with this byte?
    pub fn opens(&mut self, byte: u8) -> bool {
        self.blanks();
        self.peek() == Some(byte)
    }

    /// True once the whole value was read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.state == State::After && self.open.is_empty()
    }

    /// The next step. After [`Event::End`] the position stands behind the value.
    ///
    /// # Errors
    /// The first mistake; the reader must not be used afterwards.
    pub fn next_event(&mut self) -> Result<Event<'t>, Mistake> {
        let event = self.step().inspect_err(|_| {
            // After a mistake no value is complete.
            self.state = State::Value;
        })?;
        // The colon after a name is read with it, but is no part of it.
        if !matches!(event, Event::Key(_)) {
            self.end = self.at;
        }
        Ok(event)
    }

    fn step(&mut self) -> Result<Event<'t>, Mistake> {
        if self.state == State::After && self.open.is_empty() {
            self.start = self.at;
            return Ok(Event::End);
        }
        self.blanks();
        if self.state == State::After {
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.blanks();
                    let in_object = self.open.last() == Some(&true);
                    self.state = if in_object { State::Key } else { State::Value };
                }
                Some(b'}') if self.open.last() == Some(&true) => return Ok(self.close(true)),
                Some(b']') if self.open.last() == Some(&false) => return Ok(self.close(false)),
                _ if self.open.last() == Some(&true) => {
                    return self.wrong("expected `,` or `}` after the value");
                }
                _ => return self.wrong("expected `,` or `]` after the value"),
            }
        }
        match (self.state, self.peek()) {
            (State::FirstKey, Some(b'}')) => Ok(self.close(true)),
            (State::FirstElement, Some(b']')) => Ok(self.close(false)),
            (State::FirstKey | State::Key, Some(b'"')) => self.key(),
            (State::Key, Some(b'}')) => self.wrong("expected a name after `,`"),
            (State::FirstKey | State::Key, _) => self.wrong("expected a name in double quotes"),
            (State::Value, Some(b']')) => self.wrong("expected a value after `,`"),
            _ => self.value(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn wrong<T>(&self, reason: &str) -> Result<T, Mistake> {
        let reason = match self.peek() {
            None => format!("{reason}, found the end"),
            Some(_) => reason.to_owned(),
        };
        Err(Mistake { at: self.at, reason })
    }

    fn close(&mut self, object: bool) -> Event<'t> {
        self.start = self.at;
        self.at += 1;
        self.open.pop();
        self.state = State::After;
        if object { Event::CloseObject } else { Event::CloseArray }
    }

    fn key(&mut self) -> Result<Event<'t>, Mistake> {
        self.start = self.at;
        let name = self.string()?;
        self.end = self.at;
        self.blanks();
        if self.peek() != Some(b':') {
            return self.wrong("expected `:` after the name");
        }
        self.at += 1;
        self.state = State::Value;
        Ok(Event::Key(name))
    }

    fn value(&mut self) -> Result<Event<'t>, Mistake> {
        self.start = self.at;
        self.state = State::After;
        match self.peek() {
            Some(open @ (b'{' | b'[')) => {
                if self.open.len() >= MAX_DEPTH {
                    return self.wrong(&format!("nested more than {MAX_DEPTH} levels deep"));
                }
                self.at += 1;
                let object = open == b'{';
                self.open.push(object);
                self.state = if object { State::FirstKey } else { State::FirstElement };
                Ok(if object { Event::OpenObject } else { Event::OpenArray })
            }
            Some(b'"') => self.string().map(Event::Str),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Event::Bool(true)),
            Some(b'f') => self.word("false", Event::Bool(false)),
            Some(b'n') => self.word("null", Event::Null),
            Some(b'\'') => self.wrong("expected a value; strings stand in double quotes"),
            _ => self.wrong("expected a value"),
        }
    }

    fn word(&mut self, word: &str, event: Event<'t>) -> Result<Event<'t>, Mistake> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(event);
        }
        self.wrong("expected a value")
    }

    fn number(&mut self) -> Result<Event<'t>, Mistake> {
        let start = self.at;
        let digits = |reader: &mut Self| {
            let before = reader.at;
            while reader.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                reader.at += 1;
            }
            reader.at > before
        };
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        let integer_start = self.at;
        if !digits(self) {
            return self.wrong("expected a digit");
        }
        if leading_zero && self.at > integer_start + 1 {
            return Err(Mistake { at: start, reason: "a number does not begin with 0".into() });
        }
        let mut is_integer = true;
        if self.peek() == Some(b'.') {
            is_integer = false;
            self.at += 1;
            if !digits(self) {
                return self.wrong("expected a digit after the point");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_integer = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !digits(self) {
                return self.wrong("expected a digit in the exponent");
            }
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let number = if is_integer && text != "-0" {
            Number::parse(text)
        } else {
            Number::parse_float(text)
        };
        match number {
            Some(number) => Ok(Event::Num(number)),
            None => Err(Mistake { at: start, reason: "this number is too large".into() }),
        }
    }

    /// A string in double quotes; borrowed where it holds no escape.
    fn string(&mut self) -> Result<Cow<'t, str>, Mistake> {
        let quote = self.at;
        self.at += 1;
        let mut decoded: Option<String> = None;
        let mut piece = self.at;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
            let Some(plain) = plain else {
                return Err(Mistake { at: quote, reason: "this string is not closed".into() });
            };
            self.at += plain;
            let text = self.text.get(piece..self.at).unwrap_or_default();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match decoded {
                        None => Cow::Borrowed(text),
                        Some(mut decoded) => {
                            decoded.push_str(text);
                            Cow::Owned(decoded)
                        }
                    });
                }
                Some(b'\\') => {
                    let decoded = decoded.get_or_insert_default();
                    decoded.push_str(text);
                    decoded.push(self.escape()?);
                    piece = self.at;
                }
                Some(b'\n' | b'\r') => {
                    return Err(Mistake { at: quote, reason: "this string is not closed".into() });
                }
                _ => return self.wrong("a control character must be written as an escape"),
            }
        }
    }

    /// An escape; the position is at its backslash.
    fn escape(&mut self) -> Result<char, Mistake> {
        let start = self.at;
        self.at += 1;
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let first = self.hex4(start)?;
                return Ok(self.surrogates(first));
            }
            _ => return Err(Mistake { at: start, reason: "this is not an escape of JSON".into() }),
        };
        self.at += 1;
        Ok(c)
    }

    fn hex4(&mut self, start: usize) -> Result<u32, Mistake> {
        let digits = self.text.get(self.at..self.at + 4);
        let value = digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        value.ok_or(Mistake { at: start, reason: "`\\u` needs four hex digits".into() })
    }

    /// The character of one or two escapes. A lone surrogate, which cannot be held, becomes
    /// U+FFFD as Elasticsearch's reader has it.
    fn surrogates(&mut self, first: u32) -> char {
        if let Some(c) = char::from_u32(first) {
            return c;
        }
        let low = self
            .text
            .get(self.at..self.at + 6)
            .and_then(|text| text.strip_prefix("\\u"))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .filter(|low| (0xdc00..0xe000).contains(low) && first < 0xdc00);
        let Some(low) = low else { return char::REPLACEMENT_CHARACTER };
        self.at += 6;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00))
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::*;

    /// The value as serde_json would hold it.
    fn read(text: &str) -> Result<Value, Mistake> {
        let mut reader = Reader::new(text, 0);
        let value = element(&mut reader)?;
        let end = reader.next_event()?;
        assert_eq!(end, Event::End);
        let rest = text.get(reader.position()..).unwrap();
        if rest.trim_matches([' ', '\t', '\n', '\r']).is_empty() {
            return Ok(value);
        }
        Err(Mistake { at: reader.position(), reason: "more text".into() })
    }

    fn element(reader: &mut Reader<'_>) -> Result<Value, Mistake> {
        let event = reader.next_event()?;
        complete(event, reader)
    }

    fn complete(event: Event<'_>, reader: &mut Reader<'_>) -> Result<Value, Mistake> {
        Ok(match event {
            Event::OpenObject => {
                let mut map = Map::new();
                while let Event::Key(key) = reader.next_event()? {
                    let value = element(reader)?;
                    map.insert(key.into_owned(), value);
                }
                Value::Object(map)
            }
            Event::OpenArray => {
                let mut items = Vec::new();
                loop {
                    match reader.next_event()? {
                        Event::CloseArray => return Ok(Value::Array(items)),
                        event => items.push(complete(event, reader)?),
                    }
                }
            }
            Event::Str(text) => Value::String(text.into_owned()),
            Event::Num(Number::Int(int)) => int.into(),
            Event::Num(Number::UInt(uint)) => uint.into(),
            Event::Num(Number::Float(float)) => float.into(),
            Event::Bool(value) => value.into(),
            Event::Null => Value::Null,
            other => panic!("not a value: {other:?}"),
        })
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_a_library_writes_is_read_back(value in json(), pretty in any::<bool>()) {
            let text = if pretty {
                serde_json::to_string_pretty(&value)
            } else {
                serde_json::to_string(&value)
            }.unwrap();
            prop_assert_eq!(read(&text).unwrap(), value);
        }

        #[test]
        fn a_damaged_text_is_judged_as_a_library_judges_it(
            value in json(), at in any::<prop::sample::Index>(),
            by in prop::sample::select(vec!["", "\"", "{", "]", ",", "0", "\\", "-", "e", " ", "\u{1}"]),
        ) {
            let mut text = serde_json::to_string(&value).unwrap();
            let mut cut = at.index(text.len() + 1);
            while !text.is_char_boundary(cut) { cut -= 1; }
            if by.is_empty() { text.truncate(cut) } else { text.insert_str(cut, by) }
            let theirs: Result<Value, _> = serde_json::from_str(&text);
            match (read(&text), theirs) {
                (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
                (Err(_), Err(_)) => {}
                (ours, theirs) => prop_assert!(false, "{text}: {ours:?} against {theirs:?}"),
            }
        }
    }

    #[test]
    fn mistakes_are_placed_and_named() {
        for (text, at, reason) in [
            (r#"{"a":1 "b":2}"#, 7, "expected `,` or `}` after the value"),
            (r#"{"a":1"#, 6, "expected `,` or `}` after the value, found the end"),
            (r#"{"a":}"#, 5, "expected a value"),
            (r#"{"a" 1}"#, 5, "expected `:` after the name"),
            (r#"{a:1}"#, 1, "expected a name in double quotes"),
            (r#"{"a":1,}"#, 7, "expected a name after `,`"),
            (r#"[1,]"#, 3, "expected a value after `,`"),
            (r#"[1 2]"#, 3, "expected `,` or `]` after the value"),
            (r#"{"a":"b}"#, 5, "this string is not closed"),
            (r#"{"a":"\x"}"#, 6, "this is not an escape of JSON"),
            (r#"{"a":'b'}"#, 5, "expected a value; strings stand in double quotes"),
            (r#"{"a":01}"#, 5, "a number does not begin with 0"),
            (r#"{"a":1.}"#, 7, "expected a digit after the point"),
            (r#"{"a":1e999}"#, 5, "this number is too large"),
            ("", 0, "expected a value, found the end"),
        ] {
            assert_eq!(read(text), Err(Mistake { at, reason: reason.into() }), "{text}");
        }
        let deep = "[".repeat(MAX_DEPTH + 1);
        assert_eq!(read(&deep).unwrap_err().at, MAX_DEPTH);
    }

    #[test]
    fn lone_surrogates_become_replacement_characters() {
        assert_eq!(read(r#""\ud83d\ude00 \ud83d x""#).unwrap(), "\u{1F600} \u{FFFD} x");
    }
}
