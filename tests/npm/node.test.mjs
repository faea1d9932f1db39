// The package in Node: it answers, its types are true, and it holds what it must.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { check } from "./journey.mjs";
import { entry, journey, manifest, PACKAGE } from "./support.mjs";

const run = promisify(execFile);
const TSC = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));
const repository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const { default: init, Engine } = await import(entry("node"));
before(() => init());

test("an engine loads, runs, explains, scans and survives", () => check(journey(Engine)));

test("a second engine has events of its own, and outlives the panic of the first", () => {
  const [one, two] = [new Engine(), new Engine()];
  one.loadEvents('{"a":1}');
  assert.equal(two.run("any where a == 1").result.matches, 0);
  one.crashForTest();
  assert.equal(two.run("any where a == 1").result.matches, 0, "it had no events to lose");
  assert.equal(one.run("any where a == 1").error.kind, "lost");
});

test("the rule of the repository finds what its expectations say", async () => {
  const engine = new Engine();
  const read = (ending) => readFile(repository(`rules/openssl_client_or_server.${ending}`), "utf8");
  engine.loadEvents(await read("events.ndjson"));
  assert.equal(engine.run(await read("toml")).result.matches, 11);
  assert.deepEqual(
    engine.rows("matches", 0, 2).rows.map((row) => row.id),
    ["d08", "d11"],
  );
});

test("two versions of a rule are compared, and the clause that decides is named", () => {
  const engine = new Engine();
  engine.loadEvents('{"_id":"x","a":1}\n{"_id":"y","a":2}');
  const compared = engine.compare("any where a == 1", "any where a == 2");
  assert.deepEqual(
    [compared.gained, compared.lost].map(({ rows }) => rows.map((row) => [row.ids, row.clauses])),
    [[[["y"], [1]]], [[["x"], [1]]]],
  );
  assert.equal(compared.clauses[1].state, "changed");
  assert.equal(engine.compare("any where a == 1", "any where a =").new.matches, null);
  assert.equal(engine.compare("any where a == 1").error.kind, "input");
});

test("a rule is formatted, read aloud, completed, and gives events that match it", () => {
  const engine = new Engine();
  const ugly = "any where  a==1 and b : \"x*\"";
  const { edits } = engine.format(ugly);
  const formatted = edits.reduceRight(
    (text, { span, text: new_ }) => text.slice(0, span.start) + new_ + text.slice(span.end),
    ugly,
  );
  assert.equal(formatted, 'any where a == 1 and b : "x*"');
  assert.equal(engine.format("any where a = 1").findings[0].code, "E-203");
  assert.equal(engine.describe(ugly).lines.length, 3);
  const { events, cases } = engine.synthesise(ugly, true);
  assert.deepEqual(
    cases.map((made) => made.matches),
    [true, false, false],
  );
  engine.loadEvents(events);
  assert.equal(engine.run(ugly).result.matches, 1);
  assert.equal(engine.sifted("a == 1", "all").rows.total, engine.sifted("", "matches").rows.total + 1);
  const at = engine.run(ugly).nodes.findIndex((node) => node.label === "a==1");
  assert.deepEqual(
    engine.failing(at).rows.map((row) => row.rest),
    ["one clause from a match"],
  );
  assert.equal(engine.failing(99), null);
  assert.equal(engine.complete("any where leng", 14).items[0].label, "length");
});

test("what came of a run leaves as a note and as lines", () => {
  const engine = new Engine();
  assert.equal(engine.note(), null);
  assert.equal(engine.matchesNdjson(), null);
  engine.loadEvents('{"_id":"a","n":18446744073709551615}\n{"_id":"b","n":2}');
  engine.run("any where n > 5");
  const note = engine.note({ now: Date.UTC(2026, 0, 2), event: 1, link: "https://example.org/#v0" });
  assert.match(note, /^# Case note: EQL query\n/);
  assert.match(note, /\| Run \| 2026-01-02T00:00:00\.000Z, EQLens /);
  assert.match(note, /## Event `b`/);
  assert.match(note, /Link: <https:\/\/example\.org\/#v0>/);
  assert.match(engine.matchesNdjson(), /"_source":\{"_id":"a","n":18446744073709551615\},"eqlens":\{"verdict":"holds"/);
  const near = engine.matchesNdjson({ near: true }).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(near.map((line) => line._id), ["a", "b"]);
  assert.equal(near[1].eqlens.clauses[0].reason, "number_out_of_range");
  assert.equal(engine.note({ event: -1 }).error.kind, "input");
  assert.equal(engine.note({ link: 5 }).error.kind, "input");
});

test("the matcher of a sequence is stepped, and the traces of a key are all there", () => {
  const engine = new Engine();
  engine.loadEvents(SEQUENCE_EVENTS);
  assert.equal(engine.cursor(1), null, "nothing has run");
  engine.run(SEQUENCE);
  assert.deepEqual(
    [0, 1, 2, 3].map((at) => engine.cursor(at).did.map((did) => did.what)),
    [[], ["started"], ["completed"], ["started"]],
  );
  assert.equal(engine.cursor({ event: 2 }).pending[0].change, "started now");
  assert.equal(engine.cursor(4), null);
  assert.equal(engine.timeline({ keys: ["h"] }).total, 2);
  assert.equal(engine.timeline({ keys: [null] }).total, 0);
  assert.deepEqual(engine.timeline({ event: 0 }), engine.timeline());
  for (const answer of [engine.cursor({}), engine.cursor("a"), engine.timeline({}), engine.timeline({ keys: [1] })]) {
    assert.equal(answer.error.kind, "input");
  }
  engine.run(SAMPLE);
  assert.equal(engine.cursor(1), null, "a sample has no order");
});

test("init takes an address, bytes or a module, and says what it cannot take", async () => {
  const fresh = (n) => import(`${entry("default")}?fresh=${n}`);
  assert.equal(typeof (await fresh(1)).default, "function");
  const { compile } = await import(pathToFileURL(join(PACKAGE, "source.js")));
  const bytes = await readFile(join(PACKAGE, "eqlens_bg.wasm"));
  for (const source of [bytes, bytes.buffer, new Response(bytes), await WebAssembly.compile(bytes)]) {
    if (source === bytes.buffer && bytes.byteOffset !== 0) continue;
    assert.ok((await compile(source)) instanceof WebAssembly.Module);
  }
  await assert.rejects(compile(new Response("", { status: 404, statusText: "Not Found" })), /404/);
  await assert.rejects(compile(new Uint8Array([1, 2, 3])), WebAssembly.CompileError);
});

test("the package has a version, its licences, and every file it names", async () => {
  const cargo = await readFile(repository("Cargo.toml"), "utf8");
  assert.ok(cargo.includes(`version = "${manifest.version}"`), manifest.version);
  const files = new Set(await readdir(PACKAGE));
  for (const name of ["README.md", "LICENSE-APACHE", "LICENSE-MIT"]) assert.ok(files.has(name), name);
  const named = [manifest.types, ...Object.values(manifest.exports).flatMap((it) => Object.values(Object(it)))];
  for (const path of named.filter((it) => it.startsWith?.("./"))) {
    assert.ok(files.has(path.slice(2)), path);
  }
});

test("the types are those of actual answers", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "eqlens-types-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "node_modules"));
  await symlink(PACKAGE, join(folder, "node_modules/eqlens"), "dir");
  const answers = journey(Engine);
  const engine = new Engine();
  const rule = engine.run(await readFile(repository("rules/openssl_client_or_server.toml"), "utf8"));
  engine.loadEvents(SEQUENCE_EVENTS);
  const sequence = engine.run(SEQUENCE) && engine.timeline();
  const furthest = engine.nearest(3);
  const cursors = [engine.cursor(0), engine.cursor({ event: 0 }), engine.cursor(2)];
  const ofEvent = engine.timeline({ event: 0 });
  const sample = engine.run(SAMPLE) && engine.timeline();
  // An object literal must have every member of its type and no other.
  const literals = Object.entries({
    "LoadReport": answers.loaded,
    "Outcome": answers.outcome,
    "Rows": answers.rows,
    "Explanation": answers.explanation,
    "Timeline": answers.timeline,
    "Finding[]": answers.findings,
    "Outcome ": answers.refused,
    "Scanned[]": answers.scanned,
    "Outcome  ": rule,
    "EngineError": answers.panic,
    "Timeline ": sequence,
    "Nearest": answers.nearest,
    "Nearest ": furthest,
    "Timeline  ": sample,
    "Timeline   ": ofEvent,
    "Cursor[]": cursors,
    "Completions": engine.complete("any where ste", 13),
    "Hover": engine.hover("any where step == 1", 11),
    "Formatted": engine.format("any where  a==1"),
    "Formatted ": engine.format("any where a ="),
    "Reading": engine.describe(SEQUENCE),
    "Sifted": engine.run("any where step == 1") && engine.sifted("step > 1 or"),
    "Failing": engine.failing(1),
    "Synthesised": engine.synthesise(SEQUENCE, true),
    "Change": engine.run('any where step == 7') && engine.change(0),
    "Kept": engine.run(SEQUENCE) && engine.shrink(),
    "Comparison": engine.compare(SEQUENCE, SEQUENCE.replace("step == 2", "step == 1")),
    "Comparison ": engine.compare(SEQUENCE, "any where ="),
    "Table": engine.table(0, 2, { columns: ["step"] }),
  });
  const lines = literals.map(
    ([type, value], at) => `const value${at}: Api.${type.trim()} = ${JSON.stringify(value)};`,
  );
  const use = `
    import init, { Engine } from "eqlens";
    import type * as Api from "eqlens";
    await init(new URL("https://example.org/eqlens_bg.wasm"));
    const engine = new Engine();
    const report: Api.LoadReport | Api.EngineError = engine.loadEvents(new Uint8Array());
    const outcome = engine.run("any where true");
    const note: string | null | Api.EngineError = engine.note({ now: 0, event: 1, link: null });
    const lines: string | null | Api.EngineError = engine.matchesNdjson({ near: true });
    if ("error" in outcome) throw new Error(outcome.error.message);
    const matches: number | undefined = outcome.result?.matches;
    engine.scan(["any where true"]); engine.rows("near", 0, 5); engine.timeline(); engine.check("");
    // @ts-expect-error: numbers are no rules
    engine.run(1);
    export { report, matches };
    ${lines.join("\n")}
    export const all = [${lines.map((_, at) => `value${at}`).join(", ")}];
  `;
  await writeFile(join(folder, "use.mts"), use);
  const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--types", ""];
  const { stdout } = await run(TSC, [...options, "use.mts"], { cwd: folder }).catch((error) => error);
  assert.equal(stdout, "");
});

/** Of one key; the first event opens, the second completes, the third stays open. */
const SEQUENCE_EVENTS = [1, 2, 3]
  .map((n) =>
    JSON.stringify({
      _id: `e${n}`,
      "@timestamp": `2026-01-01T00:00:0${n}Z`,
      event: { category: "process" },
      host: { id: "h" },
      step: n === 2 ? 2 : 1,
    }),
  )
  .join("\n");
const SEQUENCE = "sequence by host.id [any where step == 1] [any where step == 2]";
const SAMPLE = "sample by host.id [any where step == 1] [any where step == 2]";
