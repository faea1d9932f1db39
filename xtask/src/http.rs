//! As much of HTTP as a page served to its own machine needs. No input or output in here.

use std::path::{Path, PathBuf};

/// What a browser asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Only the headers are wanted.
    pub(crate) is_head: bool,
    /// The path, decoded, without the query.
    pub(crate) path: String,
}

/// The answer's first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Here it is.
    Ok,
    /// Not a request.
    BadRequest,
    /// No such file.
    NotFound,
    /// Neither GET nor HEAD.
    MethodNotAllowed,
}

impl Status {
    /// Number and words.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Ok => "200 OK",
            Self::BadRequest => "400 Bad Request",
            Self::NotFound => "404 Not Found",
            Self::MethodNotAllowed => "405 Method Not Allowed",
        }
    }
}

impl Request {
    /// Reads the first line of a request.
    ///
    /// # Errors
    /// The status to answer with.
    pub(crate) fn read(line: &str) -> Result<Self, Status> {
        let mut words = line.split_ascii_whitespace();
        let (Some(method), Some(target), Some(version)) =
            (words.next(), words.next(), words.next())
        else {
            return Err(Status::BadRequest);
        };
        if !version.starts_with("HTTP/1.") || !target.starts_with('/') {
            return Err(Status::BadRequest);
        }
        let is_head = match method {
            "GET" => false,
            "HEAD" => true,
            _ => return Err(Status::MethodNotAllowed),
        };
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let path = decoded(path).ok_or(Status::BadRequest)?;
        Ok(Self { is_head, path })
    }

    /// The file meant, below `folder`; a folder means its `index.html`. `None` for every path
    /// that leads, or might lead, out of `folder`.
    pub(crate) fn file_in(&self, folder: &Path) -> Option<PathBuf> {
        let mut file = folder.to_path_buf();
        for part in self.path.split('/').filter(|part| !part.is_empty()) {
            let is_plain = !part.starts_with('.') && !part.contains(['\\', '\0', ':']);
            if !is_plain {
                return None;
            }
            file.push(part);
        }
        if file.is_dir() {
            file.push("index.html");
        }
        // A link could still lead elsewhere.
        let (file, folder) = (file.canonicalize().ok()?, folder.canonicalize().ok()?);
        (file.starts_with(folder) && file.is_file()).then_some(file)
    }
}

/// Undoes `%41`; `None` where that does not give text.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// The type of a file, by its name.
pub(crate) fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The answer up to its body.
pub(crate) fn head(status: Status, mime: &str, length: usize) -> String {
    format!(
        "HTTP/1.1 {}\r\nContent-Type: {mime}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n\
         Referrer-Policy: no-referrer\r\nCross-Origin-Opener-Policy: same-origin\r\n\
         Content-Security-Policy: frame-ancestors 'none'\r\nConnection: close\r\n\r\n",
        status.text()
    )
}

#[cfg(test)]
mod tests {
    use super::{Request, Status, mime};
    use std::path::Path;

    fn request(path: &str) -> Request {
        Request::read(&format!("GET {path} HTTP/1.1")).unwrap()
    }

    #[test]
    fn the_query_is_not_part_of_the_path() {
        assert_eq!(request("/a%20b.js?x=/../y").path, "/a b.js");
    }

    #[test]
    fn only_get_and_head_are_answered() {
        assert!(Request::read("HEAD / HTTP/1.1").unwrap().is_head);
        assert_eq!(Request::read("POST / HTTP/1.1"), Err(Status::MethodNotAllowed));
        assert_eq!(Request::read("GET http://x/ HTTP/1.1"), Err(Status::BadRequest));
        assert_eq!(Request::read("GET /%zz HTTP/1.1"), Err(Status::BadRequest));
        assert_eq!(Request::read(""), Err(Status::BadRequest));
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(request("/main.rs").file_in(&folder).is_some());
        assert!(request("//main.rs").file_in(&folder).is_some());
        for path in [
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..%2fCargo.toml",
            "/..%5cCargo.toml",
            "/main.rs/../../Cargo.toml",
            "/.hidden",
            "/main.rs%00",
            "/c:/main.rs",
            "/no-such-file",
            "/",
        ] {
            assert_eq!(request(path).file_in(&folder), None, "{path}");
        }
    }

    #[test]
    fn wasm_has_the_type_that_streaming_needs() {
        assert_eq!(mime(Path::new("a_bg.wasm")), "application/wasm");
    }
}
