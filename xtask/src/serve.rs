//! Serves the page to this machine only.

use crate::failure::{Failure, Result};
use crate::http::{Request, Status, head, mime};
use crate::{place, site};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

/// Ports tried after a taken one.
const TRIES: u16 = 50;
/// A request that takes longer to arrive is dropped.
const PATIENCE: Duration = Duration::from_secs(10);
/// A request's headers may be this long, in bytes.
const HEADERS_CAP: u64 = 32_768;

/// What `serve` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    port: u16,
    builds: bool,
    logs: bool,
}

impl Options {
    /// Reads the options of the command line.
    ///
    /// # Errors
    /// Where one is unknown.
    pub(crate) fn read(args: &[&str]) -> Result<Self> {
        let mut options = Self { port: 8080, builds: true, logs: false };
        let mut args = args.iter();
        while let Some(&arg) = args.next() {
            match arg {
                "--no-build" => options.builds = false,
                "--log" => options.logs = true,
                "--port" => {
                    let port = args.next().and_then(|port| port.parse().ok());
                    options.port = port.ok_or_else(|| misread("--port wants a number"))?;
                }
                other => return Err(misread(&format!("`{other}` is not an option"))),
            }
        }
        Ok(options)
    }
}

fn misread(why: &str) -> Failure {
    Failure::new("could not read the options of serve", why, "cargo xtask help")
}

/// Builds the page if need be and serves it until it is stopped.
///
/// # Errors
/// Where the build fails or no port is free.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.builds {
        let sizes = site::build()?;
        println!("{sizes}");
        if let Err(failure) = sizes.check() {
            eprintln!("{failure}");
        }
    }
    site::is_built()?;
    let listener = listen(options.port)?;
    let port = listener.local_addr().map_or(options.port, |address| address.port());
    println!("EQLens is at http://127.0.0.1:{port}/ (Ctrl-C stops it)");
    let dist = place::dist();
    let logs = options.logs;
    std::thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            let dist = &dist;
            // One that goes away in the middle needs no answer.
            scope.spawn(move || drop(answer(stream, dist, logs)));
        }
    });
    Ok(())
}

/// The wanted port, or the next free one.
fn listen(wanted: u16) -> Result<TcpListener> {
    let mut refused = String::new();
    for port in wanted..=wanted.saturating_add(TRIES) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => refused = format!("port {port}: {error}"),
        }
    }
    Err(Failure::new("could not listen on this machine", refused, "cargo xtask serve --port 0"))
}

/// Answers one request and closes the connection.
fn answer(mut stream: TcpStream, dist: &Path, logs: bool) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.try_clone()?.take(HEADERS_CAP));
    let mut first = String::new();
    lines.read_line(&mut first)?;
    // The headers say nothing that matters here, but have to be read before the answer.
    let mut header = String::new();
    while lines.read_line(&mut header)? > 2 {
        header.clear();
    }
    let request = Request::read(&first);
    let is_head = request.as_ref().is_ok_and(|request| request.is_head);
    let found = request.and_then(|request| {
        let file = request.file_in(dist).ok_or(Status::NotFound)?;
        let body = std::fs::read(&file).map_err(|_| Status::NotFound)?;
        Ok((mime(&file), body))
    });
    let (status, mime, body) = match found {
        Ok((mime, body)) => (Status::Ok, mime, body),
        Err(status) => (status, "text/plain; charset=utf-8", status.text().into()),
    };
    if logs {
        println!("{} {}", first.trim_end(), status.text());
    }
    stream.write_all(head(status, mime, body.len()).as_bytes())?;
    if !is_head {
        stream.write_all(&body)?;
    }
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::{Options, answer, listen};
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::path::Path;

    #[test]
    fn options_are_read_in_any_order() {
        let read = Options::read(&["--log", "--port", "0", "--no-build"]).unwrap();
        assert_eq!(read, Options { port: 0, builds: false, logs: true });
        assert!(Options::read(&["--port"]).is_err());
        assert!(Options::read(&["--prot", "1"]).is_err());
    }

    #[test]
    fn a_taken_port_gives_the_next_one() {
        let taken = listen(0).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(listen(port).unwrap().local_addr().unwrap().port() > port);
    }

    fn ask(request: &str) -> String {
        let listener = listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let server = std::thread::spawn(move || {
            answer(listener.accept().unwrap().0, &folder, false).unwrap();
        });
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        server.join().unwrap();
        reply
    }

    #[test]
    fn a_file_is_served_with_its_headers() {
        let reply = ask("GET /main.rs HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(reply.contains("X-Content-Type-Options: nosniff\r\n"));
        assert!(reply.ends_with(include_str!("main.rs")));
    }

    #[test]
    fn head_has_no_body_and_outside_is_not_found() {
        assert!(ask("HEAD /main.rs HTTP/1.1\r\n\r\n").ends_with("\r\n\r\n"));
        assert!(ask("GET /../Cargo.toml HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
    }
}
