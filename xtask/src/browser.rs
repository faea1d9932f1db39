//! A browser for the tests: any Chromium that is there, else Debian's.

use crate::command::{command, on_path, output, run};
use crate::failure::{Failure, Result};
use std::path::{Path, PathBuf};

/// Names under which Chromium is installed.
const NAMES: [&str; 4] = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];

/// The program of a browser: `$CHROME`, an installed one, Playwright's own, or one installed now.
///
/// # Errors
/// Where there is none and none can be installed.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROME").map(PathBuf::from) {
        return match chosen.is_file() {
            true => Ok(chosen),
            false => Err(Failure::new(
                "could not use the browser that CHROME names",
                format!("{} is not a file", chosen.display()),
                "unset CHROME",
            )),
        };
    }
    match on_path(&NAMES).or_else(playwrights_own) {
        Some(found) => Ok(found),
        None => install(),
    }
}

/// The newest Chromium that Playwright has downloaded for this user.
fn playwrights_own() -> Option<PathBuf> {
    let cache = Path::new(&std::env::var_os("HOME")?).join(".cache/ms-playwright");
    let mut found: Vec<PathBuf> = std::fs::read_dir(cache)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .flat_map(|version| {
            ["chrome-linux/chrome", "chrome-linux64/chrome"].map(|program| version.join(program))
        })
        .filter(|program| program.is_file())
        .collect();
    found.sort();
    found.pop()
}

fn install() -> Result<PathBuf> {
    let missing = |why: &str| {
        Failure::new(
            "could not find a Chromium for the browser tests",
            why,
            "sudo apt-get install chromium",
        )
    };
    let is_root = output(&mut command("id", &["-u"])).as_deref() == Some("0");
    if !is_root || on_path(&["apt-get"]).is_none() {
        return Err(missing("none is installed, and only root can install one with apt-get"));
    }
    let doing = "could not install chromium for the browser tests";
    let mend = "apt-get update && apt-get install -y chromium";
    run(&mut command("apt-get", &["update", "-q"]), doing, mend)?;
    let mut apt = command("apt-get", &["install", "-y", "-q", "--no-install-recommends"]);
    run(apt.arg("chromium").env("DEBIAN_FRONTEND", "noninteractive"), doing, mend)?;
    on_path(&NAMES).ok_or_else(|| missing("it was installed, but PATH does not have it"))
}
