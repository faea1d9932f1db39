//! Answers of `_search` (`hits.hits`) and `_eql/search` (`hits.events`, `hits.sequences`).

use hashbrown::HashSet;

use crate::ingest::Loading;
use crate::ingest::documents::skip;
use crate::json::{Event, Mistake, Reader};

/// `_index` and `_id` of the events read so far.
type Seen = HashSet<(String, String)>;

impl<'t> Loading<'t> {
    /// Is the value of `hits` that follows one of a response? A document may have fields under
    /// `hits` as well, so the first element of its list has to look like a hit or a sequence. An
    /// empty list does.
    pub(super) fn is_response(&self, reader: &Reader<'t>) -> bool {
        looks_like_response(&mut reader.clone()).unwrap_or(false)
    }

    /// Loads the events of a response; the value of `hits` follows.
    pub(super) fn response(&mut self, reader: &mut Reader<'t>) -> Result<(), Mistake> {
        self.in_response = true;
        let result = self.hits(reader);
        self.in_response = false;
        self.pending.clear();
        result
    }

    /// Loads the events of a response in a wrapper: Kibana's inspector and asynchronous searches put
    /// it into a member.
    pub(super) fn wrapped(&mut self, reader: &mut Reader<'t>) -> Result<(), Mistake> {
        reader.next_event()?;
        while let Event::Key(key) = reader.next_event()? {
            match key.as_ref() {
                "hits" if reader.opens(b'{') => self.response(reader)?,
                "rawResponse" | "response" if reader.opens(b'{') => self.wrapped(reader)?,
                _ => {
                    let event = reader.next_event()?;
                    skip(reader, &event)?;
                }
            }
        }
        Ok(())
    }

    fn hits(&mut self, reader: &mut Reader<'t>) -> Result<(), Mistake> {
        reader.next_event()?;
        while let Event::Key(key) = reader.next_event()? {
            let form = match key.as_ref() {
                "hits" => "_search response",
                "events" | "sequences" => "_eql/search response",
                _ => {
                    let event = reader.next_event()?;
                    skip(reader, &event)?;
                    continue;
                }
            };
            self.response = Some(form);
            match reader.next_event()? {
                Event::OpenArray if key == "sequences" => self.sequences(reader)?,
                Event::OpenArray => self.elements(reader, None)?,
                event => skip(reader, &event)?,
            }
        }
        Ok(())
    }

    /// The sequences of an array whose `[` has been read. An event may stand in several.
    fn sequences(&mut self, reader: &mut Reader<'t>) -> Result<(), Mistake> {
        let mut seen = Seen::new();
        loop {
            match reader.next_event()? {
                Event::CloseArray => return Ok(()),
                Event::OpenObject => {
                    while let Event::Key(key) = reader.next_event()? {
                        match reader.next_event()? {
                            Event::OpenArray if key == "events" => {
                                self.elements(reader, Some(&mut seen))?;
                            }
                            event => skip(reader, &event)?,
                        }
                    }
                }
                event => skip(reader, &event)?,
            }
        }
    }

    /// The hits of an array whose `[` has been read; those in `seen` were loaded before.
    fn elements(
        &mut self,
        reader: &mut Reader<'t>,
        mut seen: Option<&mut Seen>,
    ) -> Result<(), Mistake> {
        loop {
            match reader.next_event()? {
                Event::CloseArray => return Ok(()),
                Event::OpenObject => {
                    let start = reader.range().start;
                    let hit = self.hit(reader, start)?;
                    let is_new = match (&mut seen, &hit.index, &hit.id) {
                        (Some(seen), Some(index), Some(id)) => {
                            seen.insert((index.to_string(), id.to_string()))
                        }
                        _ => true,
                    };
                    if is_new && !hit.is_missing {
                        self.settle(Ok(hit));
                    }
                }
                event => skip(reader, &event)?,
            }
        }
    }
}

/// Is the value that follows an object with a response in it?
pub(super) fn wraps_response(reader: &Reader<'_>) -> bool {
    fn looks(ahead: &mut Reader<'_>) -> Result<bool, Mistake> {
        let Event::OpenObject = ahead.next_event()? else { return Ok(false) };
        while let Event::Key(key) = ahead.next_event()? {
            match key.as_ref() {
                "hits" => return looks_like_response(ahead),
                "rawResponse" | "response" if ahead.opens(b'{') => return looks(ahead),
                _ => {
                    let event = ahead.next_event()?;
                    skip(ahead, &event)?;
                }
            }
        }
        Ok(false)
    }
    looks(&mut reader.clone()).unwrap_or(false)
}

fn looks_like_response(ahead: &mut Reader<'_>) -> Result<bool, Mistake> {
    let Event::OpenObject = ahead.next_event()? else { return Ok(false) };
    while let Event::Key(key) = ahead.next_event()? {
        let first = ahead.next_event()?;
        if !matches!(key.as_ref(), "hits" | "events" | "sequences") || first != Event::OpenArray {
            skip(ahead, &first)?;
            continue;
        }
        match ahead.next_event()? {
            Event::CloseArray => return Ok(true),
            Event::OpenObject => {}
            _ => return Ok(false),
        }
        while let Event::Key(member) = ahead.next_event()? {
            let is_mark = match member.as_ref() {
                "_id" | "_index" | "_source" => key != "sequences",
                "events" | "join_keys" => key == "sequences",
                _ => false,
            };
            if is_mark {
                return Ok(true);
            }
            let event = ahead.next_event()?;
            skip(ahead, &event)?;
        }
        return Ok(false);
    }
    Ok(false)
}
