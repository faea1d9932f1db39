// The text editor, by itself: what it shows, what it reports, and what it leaves alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { mountProbe, probe, reported } from "./support/probe.mjs";
import { axe, editor, paste } from "./support/user.mjs";

const browser = withBrowser();
const field = (page) => editor(page, "Probe");

async function open(t, options, size, more) {
  const opened = await browser.open(t, more);
  const host = await mountProbe(opened.page, options, size);
  return { ...opened, host };
}

test("typing and a real paste are reported, setting the text is not", async (t) => {
  const { page, watch } = await open(t, { kind: "rule", doc: "any where true" });
  await probe(page, "setDoc", "process where true");
  await probe(page, "setDoc", "process where false", { keepHistory: true });
  assert.deepEqual(await reported(page, "change"), []);
  await paste(page, field(page), 'file where file.name == "a"\r\nand true');
  assert.deepEqual(await reported(page, "change"), ['file where file.name == "a"\nand true']);
  await page.keyboard.type("!");
  assert.equal(await probe(page, "getDoc"), 'file where file.name == "a"\nand true!');
  watch.assertClean();
});

test("undo brings back a replaced text only where history is kept", async (t) => {
  const { page } = await open(t, { kind: "rule", doc: "one" });
  await probe(page, "setDoc", "two", { keepHistory: true });
  assert.equal(await probe(page, "undo"), true);
  assert.equal(await probe(page, "getDoc"), "one");
  assert.equal(await probe(page, "redo"), true);
  await probe(page, "setDoc", "three");
  assert.equal(await probe(page, "undo"), false);
  assert.equal(await probe(page, "getDoc"), "three");
});

test("words, texts and punctuation are set apart, in comments nothing is", async (t) => {
  const doc = 'process where /* and /* "x" */\nor */ not a.by == "b" // in\n| head 1';
  const { host } = await open(t, { kind: "rule", doc });
  assert.deepEqual(await host.locator(".k").allTextContents(), ["where", "not"]);
  assert.deepEqual(await host.locator(".s").allTextContents(), ['"b"']);
  const quiet = ['/* and /* "x" */', "or */", "==", "// in", "|"];
  assert.deepEqual(await host.locator(".o").allTextContents(), quiet);
});

test("in JSON the values that are texts are set apart, the names are not", async (t) => {
  const { page, host } = await open(t, { kind: "events", doc: '{"a\\"b": "c", "d": [1, "e"]}' });
  await probe(page, "setLanguage", "json");
  assert.deepEqual(await host.locator(".s").allTextContents(), ['"c"', '"e"']);
});

const FINDING = {
  from: 14,
  to: 18,
  severity: "warning",
  code: "L-00",
  message: "`true` says nothing",
  help: "name a field",
  fixes: [{ title: "Use a field", edits: [{ from: 14, to: 18, text: "user.id != null" }] }],
};

test("a finding shows its card under the pointer, and its fix still fits after an edit", async (t) => {
  const { page, host } = await open(t, { kind: "rule", doc: "process where true" });
  await probe(page, "setFindings", [FINDING]);
  await field(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("// first\n");
  await host.locator(".sq").hover();
  const card = host.getByRole("tooltip");
  await card.waitFor();
  assert.match(await card.textContent(), /true says nothing.*L-00.*Name a field/);
  await card.getByRole("button", { name: "Use a field" }).click();
  assert.equal(await probe(page, "getDoc"), "// first\nprocess where user.id != null");
  assert.equal(await probe(page, "undo"), true);
  assert.equal(await probe(page, "getDoc"), "// first\nprocess where true");
});

test("by keyboard: to the finding, into its card, and out again", async (t) => {
  const { page, host, watch } = await open(t, { kind: "rule", doc: "process where true" });
  await probe(page, "setFindings", [FINDING]);
  await probe(page, "focus");
  await page.keyboard.press("F8");
  assert.deepEqual(await reported(page, "cursor"), [14]);
  await page.keyboard.press("Control+.");
  const button = host.getByRole("button", { name: "Use a field" });
  await button.waitFor();
  const isFocused = () => button.evaluate((node) => node.getRootNode().activeElement === node);
  assert.equal(await isFocused(), true);
  await page.keyboard.press("Escape");
  assert.equal(await button.count(), 0);
  await page.keyboard.press("Control+.");
  await page.keyboard.press("Enter");
  assert.equal(await probe(page, "getDoc"), "process where user.id != null");
  watch.assertClean();
});

test("findings at the end of a text and on an empty line are seen", async (t) => {
  const { page, host } = await open(t, { kind: "rule", doc: "any where\n" });
  await probe(page, "setFindings", [
    { ...FINDING, from: 9, to: 9 },
    { ...FINDING, from: 10, to: 99 },
  ]);
  assert.deepEqual(await host.locator(".sq").allTextContents(), ["e", " "]);
});

test("a note stands below its line of events, and stays away while one types there", async (t) => {
  const { page, host } = await open(t, { kind: "events", doc: "{}\n{\n{}" });
  const broken = [
    { ...FINDING, from: 3, to: 4, severity: "error", note: "Column 2: expected `}`" },
  ];
  const note = host.locator(".note");
  await probe(page, "setFindings", broken);
  assert.equal(await note.textContent(), "Column 2: expected }");
  await field(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  assert.equal(await note.count(), 1, "nothing was typed");
  await page.keyboard.type(" ");
  await probe(page, "setFindings", broken);
  assert.equal(await note.count(), 0);
  await page.keyboard.press("ArrowUp");
  assert.equal(await note.textContent(), "Column 2: expected }");
});

test("counts, meters and stages stand before the lines they are about", async (t) => {
  const { page, host } = await open(t, { kind: "rule", doc: "a\nb\nc" });
  await probe(page, "setMargin", [
    { line: 2, text: "57", share: 0.5, title: "57 of 114 events", stage: "1" },
    { line: 9, text: "no such line", share: 0 },
  ]);
  const count = host.locator(".count");
  assert.equal(await count.textContent(), "57");
  assert.equal(await count.getAttribute("title"), "57 of 114 events");
  assert.equal(await host.locator(".meter > i").evaluate((fill) => fill.style.width), "50%");
  assert.equal(await host.locator(".stage").textContent(), "1");
  const before = await count.boundingBox();
  await field(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Enter");
  assert.equal((await count.boundingBox()).y - before.y, 20);
});

test("verdicts move with their lines, and only those on screen are drawn", async (t) => {
  const lines = Array.from({ length: 5_000 }, (_, index) => `{"n":${index}}`);
  const { page, host } = await open(t, { kind: "events", doc: lines.join("\n") });
  await page.evaluate(() => {
    const verdicts = new Uint8Array(5_000).fill(1);
    verdicts[1] = 2;
    globalThis.probe.setGlyphs(verdicts);
  });
  const kinds = () =>
    host.locator(".cm-glyphs .g").evaluateAll((all) => all.slice(0, 3).map((g) => g.dataset.kind));
  assert.deepEqual(await kinds(), ["holds", "fails", "holds"]);
  assert.ok((await host.locator(".cm-glyphs .g").count()) < 100);
  await field(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Enter");
  assert.deepEqual(await kinds(), ["holds", "holds", "fails"]);
  await probe(page, "setGlyphs", [{ line: 3, verdict: "missing" }]);
  assert.deepEqual(await kinds(), ["missing"]);
});

test("a click on a verdict reports its line", async (t) => {
  const { page, host } = await open(t, { kind: "events", doc: "{}\n{}\n{}" });
  await probe(page, "setGlyphs", [1, 2, 3].map((line) => ({ line, verdict: "holds" })));
  await host.locator(".cm-glyphs .g").nth(2).click();
  await host.locator(".cm-glyphs .g").nth(2).click();
  assert.deepEqual(await reported(page, "line"), [3, 3]);
});

test("what the page points at is marked, and gone when it is told so", async (t) => {
  const { page, host } = await open(t, { kind: "rule", doc: "process where a and b" });
  await probe(page, "setMarks", [
    { from: 14, to: 15, kind: "sel" },
    { from: 20, to: 400, kind: "linked" },
  ]);
  await probe(page, "setCurrentLine", 1);
  assert.equal(await host.locator(".sel").textContent(), "a");
  assert.equal(await host.locator(".linked").textContent(), "b");
  assert.equal(await host.locator(".cm-line.cur").count(), 1);
  await probe(page, "setMarks", []);
  await probe(page, "setCurrentLine", null);
  assert.equal(await host.locator(".sel, .linked, .cur").count(), 0);
});

test("reveal scrolls and, if asked to, moves the cursor, without reporting it", async (t) => {
  const doc = Array.from({ length: 500 }, (_, index) => `line ${index}`).join("\n");
  const { page, host } = await open(t, { kind: "events", doc });
  const offset = doc.indexOf("line 400");
  await probe(page, "reveal", offset, offset + 8, { cursor: true });
  await host.locator(".cm-line", { hasText: "line 400" }).waitFor();
  assert.deepEqual(await reported(page, "cursor"), []);
  await probe(page, "focus");
  await page.keyboard.type("> ");
  assert.match(await probe(page, "getDoc"), /\n> line 400\n/);
});

test("the pointer's place in the text is reported, and that it left", async (t) => {
  const { page, host } = await open(t, { kind: "rule", doc: "process where true" });
  const line = await host.locator(".cm-line").boundingBox();
  await page.mouse.move(line.x + 2, line.y + 10);
  await page.waitForFunction(() => globalThis.reports.length === 1);
  await page.mouse.move(line.x + 400, line.y + 10);
  await page.waitForFunction(() => globalThis.reports.length === 2);
  assert.deepEqual(await reported(page, "hover"), [0, null]);
});

test("Tab goes on to the next control", async (t) => {
  const { page } = await open(t, { kind: "rule", doc: "any where true" });
  await probe(page, "focus");
  await page.keyboard.press("Tab");
  assert.equal(await probe(page, "getDoc"), "any where true");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "probe");
});

test("a read-only editor takes no text", async (t) => {
  const { page } = await open(t, { kind: "rule", doc: "any where true" });
  await probe(page, "setReadOnly", true);
  await field(page).click();
  await page.keyboard.type("x");
  assert.equal(await probe(page, "getDoc"), "any where true");
  assert.equal(await field(page).getAttribute("aria-readonly"), "true");
});

test("a host can be used again after its editor is destroyed", async (t) => {
  const { page, host, watch } = await open(t, { kind: "rule", doc: "one" });
  await page.evaluate(() => {
    globalThis.probe.destroy();
    const host = document.getElementById("probe");
    globalThis.probe = globalThis.eqlens.createEditor(host, {
      kind: "events",
      label: "Probe",
      doc: "two",
    });
  });
  assert.equal(await host.locator(".cm-content").count(), 1);
  assert.equal(await host.locator(".cm-line").textContent(), "two");
  watch.assertClean();
});

test("a rule wraps, and goes on deeper than its line begins; its count stays at the first row", async (t) => {
  const doc = `process where\n    ${"process.name == 1 and ".repeat(8)}true`;
  const { page, host } = await open(t, { kind: "rule", doc }, { width: 360 });
  await probe(page, "setMargin", [{ line: 2, text: "12", share: 0.5 }]);
  const line = host.locator(".cm-line").nth(1);
  const box = await line.boundingBox();
  assert.ok(box.height >= 100, `${box.height} px`);
  const count = await host.locator(".count").boundingBox();
  assert.ok(Math.abs(count.y - box.y) < 2, "beside the first row");
  const lefts = await line.evaluate((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].map(({ left, top }) => [top, left]);
  });
  const firstTop = Math.min(...lefts.map(([top]) => top));
  const later = Math.min(...lefts.filter(([top]) => top > firstTop + 5).map(([, left]) => left));
  const first = Math.min(...lefts.filter(([top]) => top <= firstTop + 5).map(([, left]) => left));
  assert.ok(later > first + 20, `${first} ${later}`);
});

test("one line of five megabytes is no obstacle", async (t) => {
  const { page } = await open(t, { kind: "events" });
  await probe(page, "setLanguage", "json");
  const tasks = await page.evaluate(async () => {
    const text = `[${'{"process":{"name":"openssl","args":["a","b"]}},'.repeat(104_000)}1]`;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const spent = {};
    const time = async (name, act) => {
      const start = performance.now();
      act();
      spent[name] = Math.round(performance.now() - start);
      await frame();
      await frame();
      spent[`${name}, painted`] = Math.round(performance.now() - start);
    };
    await time("set", () => globalThis.probe.setDoc(text));
    await time("to its end", () => globalThis.probe.reveal(text.length, text.length));
    await time("replace", () => globalThis.probe.setDoc(`${text} `, { keepHistory: true }));
    await time("marks", () => globalThis.probe.setMarks([{ from: 0, to: 9, kind: "sel" }]));
    return spent;
  });
  t.diagnostic(JSON.stringify(tasks));
  assert.ok(Math.max(...Object.values(tasks)) < 1_000, JSON.stringify(tasks));
});

test("search finds what is not on screen", async (t) => {
  const doc = Array.from({ length: 900 }, (_, index) => `line ${index};`).join("\n");
  const { page, host, watch } = await open(t, { kind: "events", doc });
  await probe(page, "focus");
  await page.keyboard.press("Control+F");
  await page.keyboard.type("line 777;");
  await page.keyboard.press("Enter");
  await host.locator(".cm-line", { hasText: "line 777;" }).waitFor();
  watch.assertClean();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing wrong with an editor in the ${colorScheme} theme`, async (t) => {
    const more = { context: { colorScheme } };
    const { page, host } = await open(t, { kind: "rule", doc: "any where true" }, {}, more);
    await probe(page, "setFindings", [{ ...FINDING, from: 4, to: 9 }]);
    await probe(page, "setMargin", [{ line: 1, text: "3", share: 0.2, stage: "1" }]);
    await host.locator(".sq").hover();
    await host.getByRole("tooltip").waitFor();
    // The landmarks are the page's business, not the editor's.
    const rules = { region: { enabled: false } };
    const found = await axe(page, { rules });
    assert.deepEqual(
      found.filter((line) => line.includes("#probe")),
      [],
    );
  });
}
