//! How far the reading of a large file is, on standard error.

use std::io::{self, IsTerminal, Read};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::plain;

/// Smaller files are read before a bar could be looked at.
const MIN_BYTES: u64 = 20_000_000;

/// A reader that shows how far it is. Only where standard error is a terminal and the size is known
/// and large; otherwise it only reads.
pub(crate) struct Watched<R> {
    inner: R,
    bar: ProgressBar,
}

/// Watches the reading of `inner`, which has `size` bytes. `name` stands before the bar.
pub(crate) fn watch<R: Read>(inner: R, size: Option<u64>, name: &str) -> Watched<R> {
    let is_seen = io::stderr().is_terminal();
    let bar = match size {
        Some(size) if is_seen && size > MIN_BYTES => {
            ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr())
        }
        _ => ProgressBar::hidden(),
    };
    let template = "{msg} {bar:30} {bytes}/{total_bytes} {eta}";
    // The template is ours; were it wrong, the plain bar would do.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(plain(name));
    Watched { inner, bar }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.bar.inc(n as u64);
        Ok(n)
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_there_is() {
        let mut read = Vec::new();
        watch(&b"abc"[..], Some(u64::MAX), "x").read_to_end(&mut read).unwrap();
        assert_eq!(read, b"abc");
    }
}
