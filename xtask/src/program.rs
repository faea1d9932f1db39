//! The page's program and its script, as Trunk left them, made small.

use crate::command::{command, run};
use crate::content::files_below;
use crate::failure::{Failure, Result};
use crate::finish::Page;
use crate::{imports, npm, place, unpacker};
use eqlens_pack::Packed;
use std::fs;
use std::path::Path;

/// What unpacks the program in workers, and what starts it in one; it joins the program's script, so
/// that a worker needs no other.
const WORKER: &str = "web/js/worker.js";

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
        let why = "it is not of the form that xtask/src/imports.rs and the crate pack know";
        Failure::new("could not pack the program that Trunk made", why, MEND)
    };
    let (bytes, text) = imports::shorten(&bytes, &text).ok_or_else(unknown)?;
    let packed = file(&eqlens_pack::pack(&bytes).ok_or_else(unknown)?).ok_or_else(unknown)?;
    check(&site, &packed, &bytes)?;
    page.replace(&program, "app.pack", &packed)?;

    let worker = place::read(&place::root().join(WORKER))?;
    let script_text = [text.as_bytes(), &worker].concat();
    let (long, short) = (site.join("app.long.js"), site.join("app.js"));
    fs::write(&long, script_text).map_err(place::broken("write", &long))?;
    npm::esbuild(&["--format=esm", "--bundle"], &long, &short)?;
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

/// The pieces behind how many there are, how much of the first stands before the functions, and how
/// long each is, in 32 bits each: what `web/js/boot.js` reads.
fn file(packed: &Packed) -> Option<Vec<u8>> {
    let Packed { before, pieces } = packed;
    let lengths = pieces.iter().map(Vec::len);
    let mut file = Vec::new();
    for number in [pieces.len(), *before].into_iter().chain(lengths) {
        file.extend(u32::try_from(number).ok()?.to_le_bytes());
    }
    Some(pieces.iter().fold(file, |file, piece| [file.as_slice(), piece].concat()))
}

/// That the page's unpacker makes of the packed program what was packed: in WebAssembly, where this
/// is not, and by the page's own script.
fn check(site: &Path, packed: &[u8], program: &[u8]) -> Result<()> {
    let files = [(site.join("app.pack"), packed), (site.join("app.wasm"), program)];
    for (file, bytes) in &files {
        fs::write(file, bytes).map_err(place::broken("write", file))?;
    }
    let mut node = command("node", &["--input-type=module", "--eval", CHECK]);
    node.arg(site.join(unpacker::SCRIPT)).arg(unpacker::file()?);
    node.args(files.iter().map(|(file, _)| file));
    run(&mut node, "could not unpack the program again", "git checkout -- pack web/js")
}

const CHECK: &str = r#"
    import { readFileSync } from "node:fs";
    import { pathToFileURL } from "node:url";
    import { joined, pieces } from "./web/js/pieces.js";
    const [script, ...files] = process.argv.slice(1);
    const [unpacker, packed, program] = files.map((file) => readFileSync(file));
    const { initSync, unpack } = await import(pathToFileURL(script));
    initSync({ module: unpacker });
    const file = packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.length);
    const unpacked = joined(file, pieces(file).map((piece) => unpack(new Uint8Array(piece))));
    process.exitCode = Buffer.compare(unpacked, program) === 0 ? 0 : 1;
"#;
