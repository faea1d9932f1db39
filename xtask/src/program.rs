//! The page's program and its script, as Trunk left them, made small.

use crate::command::{command, run};
use crate::content::files_below;
use crate::failure::{Failure, Result};
use crate::finish::Page;
use crate::{imports, npm, place, streams};
use lzma_rust2::{LzmaOptions, LzmaWriter};
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// What unpacks the program in a worker, and what starts it in one; they join its script, so that a
/// worker needs no other.
const WORKER: [&str; 2] = ["web/js/unpack.js", "web/js/worker.js"];

/// What to type where a step fails.
const MEND: &str = "rm -rf target/site && cargo xtask build";

/// For small code. `--low-memory-unused`: no address is made by adding to a negative one, since
/// the first kilobyte is the deep end of the stack. Panics are traps that the page survives, so
/// nothing here may assume that there are none.
const OPTIMISE: [&str; 4] =
    ["-Oz", "--low-memory-unused", "--strip-producers", "--strip-target-features"];

/// Puts a smaller program and a smaller script in place of those that the page names.
///
/// # Errors
/// Where they are not there, or a tool fails.
pub(crate) fn shrink(page: &mut Page) -> Result<()> {
    let (program, script) = names(page)?;
    let site = place::site()?;
    let optimised = site.join("app.wasm");
    let mut optimise = command(npm::programs().join("wasm-opt"), &OPTIMISE);
    optimise.arg("-o").arg(&optimised).arg(page.folder().join(&program));
    run(&mut optimise, "could not optimise the program", MEND)?;

    let bytes = place::read(&optimised)?;
    let text = String::from_utf8_lossy(&place::read(&page.folder().join(&script))?).into_owned();
    let unknown = || {
        let why = "it is not of the form that xtask/src/streams.rs knows";
        Failure::new("could not pack the program that Trunk made", why, MEND)
    };
    let (bytes, text) = imports::shorten(&bytes, &text).ok_or_else(unknown)?;
    let packed = pack(&streams::separate(&bytes).ok_or_else(unknown)?)?;
    check(&site, &packed, &bytes)?;
    page.replace(&program, "app.lzma", &packed)?;

    let mut script_text = text.into_bytes();
    for part in WORKER {
        script_text.extend(place::read(&place::root().join(part))?);
    }
    let (long, short) = (site.join("app.long.js"), site.join("app.js"));
    fs::write(&long, script_text).map_err(place::broken("write", &long))?;
    npm::esbuild(&["--format=esm"], &long, &short)?;
    page.replace(&script, "app.js", &place::read(&short)?)
}

/// The program that Trunk left, and its script.
fn names(page: &Page) -> Result<(String, String)> {
    let files = files_below(page.folder())?;
    let mut names = files.iter().filter_map(|file| file.file_name()?.to_str());
    names
        .find_map(|name| Some((name.to_owned(), format!("{}.js", name.strip_suffix("_bg.wasm")?))))
        .ok_or_else(|| {
            Failure::new("could not find the program of the page", "Trunk left none", MEND)
        })
}

/// That the page's unpacker makes of the packed program what was packed.
fn check(site: &Path, packed: &[u8], program: &[u8]) -> Result<()> {
    let files = [(site.join("app.lzma"), packed), (site.join("app.wasm"), program)];
    for (file, bytes) in &files {
        fs::write(file, bytes).map_err(place::broken("write", file))?;
    }
    let mut node = command("node", &["--input-type=module", "--eval", CHECK]);
    node.args(files.iter().map(|(file, _)| file));
    run(&mut node, "could not unpack the program again", "git checkout -- web/js/unpack.js")
}

const CHECK: &str = r#"
    import { readFileSync } from "node:fs";
    import { unpack } from "./web/js/unpack.js";
    const [packed, program] = process.argv.slice(1).map((file) => readFileSync(file));
    process.exitCode = Buffer.compare(unpack(packed), program) === 0 ? 0 : 1;
"#;

/// As a `.lzma` file, which `web/js/unpack.js` reads. Code has no units of two or four bytes:
/// the contexts are those of text.
fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| Failure::new("could not pack the program", error, MEND);
    let mut options = LzmaOptions::with_preset(9);
    (options.lc, options.lp, options.pb) = (4, 0, 0);
    options.nice_len = LzmaOptions::NICE_LEN_MAX;
    options.depth_limit = 1000;
    let size = Some(bytes.len() as u64);
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, size).map_err(failed)?;
    writer.write_all(bytes).map_err(failed)?;
    writer.finish().map_err(failed)
}
