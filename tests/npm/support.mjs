// The built package, by its name, and what the tests ask of it wherever they run.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where `cargo xtask npm` leaves the package. */
export const PACKAGE = fileURLToPath(new URL("../../target/npm/", import.meta.url));

/** What the package's manifest says. */
export const manifest = JSON.parse(await readFile(`${PACKAGE}package.json`, "utf8"));

/** The file that `import "eqlens"` means under these conditions. */
export function entry(...conditions) {
  const [, file] = Object.entries(manifest.exports["."]).find(([name]) =>
    [...conditions, "default"].includes(name),
  );
  return new URL(file, new URL("../../target/npm/", import.meta.url));
}

/**
 * A day in the life of an engine. Runs in Node, in a page and in a worker, so it may use nothing from
 * outside.
 */
export function journey(Engine) {
  const engine = new Engine();
  const events = [
    '{"_id":"a","@timestamp":"2026-01-01T00:00:01Z","event":{"category":"process"},"process":{"name":"CMD.EXE","pid":9007199254740993}}',
    '{"_id":"b","@timestamp":"2026-01-01T00:00:02Z","event":{"category":"process"},"process":{"name":"sh"}}',
    "{oops",
  ].join("\n");
  const loaded = engine.loadEvents(events);
  const bytes = engine.loadEvents(new TextEncoder().encode(events));
  const query = 'process where process.name : "cmd.exe"';
  const outcome = engine.run(query);
  const answers = {
    loaded,
    bytes,
    outcome,
    rows: engine.rows("all"),
    explanation: engine.explain(1),
    nobody: engine.explain(99),
    nearest: engine.nearest(5),
    timeline: engine.timeline(),
    findings: engine.check("process where process.name = 1"),
    refused: engine.run("process where process.name = 1"),
    scanned: engine.scan([query, "any where false", "any where"]),
    mapping: engine.setMapping('{"properties":{"process":{"properties":{"pid":{"type":"long"}}}}}'),
    errors: [
      engine.run(7),
      engine.loadEvents(null),
      engine.rows("best"),
      engine.explain(-1),
      engine.nearest("all"),
      engine.setMapping("{}"),
    ],
    notText: engine.loadEvents(new Uint8Array([0xff, 0x0a])),
    panic: engine.crashForTest(),
    lost: engine.run(query),
    again: engine.loadEvents(events),
    recovered: engine.run(query),
  };
  engine.free();
  answers.freed = engine.run(query);
  return answers;
}
