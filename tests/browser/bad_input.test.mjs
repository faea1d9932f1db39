// Input that is broken, foreign or hostile, by real paste and by the file dialog: it is named in
// words, the good part of it is kept, the page stays awake, and nothing typed is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { withBrowser } from "./support/page.mjs";
import { editor, paste, screenshot, status } from "./support/user.mjs";

const browser = withBrowser();

const RULE = "any where true";
const MEGABYTE = 1_000_000;
/** Longest time, in milliseconds, for which nothing else may come to its turn on a busy machine. */
const PAUSE_MS = 1_200;

const event = (name) => `{"event":{"category":"process"},"process":{"name":"${name}"}}`;
const two = `${event("one")}\n${event("two")}\n`;
const hit = (name) => `{"_index":"logs","_id":"${name}","_source":${event(name)}}`;
const utf16 = (text) => Buffer.from(`\ufeff${text}`, "utf16le");
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]),
  Buffer.from(Array.from({ length: 2_000 }, (_, at) => (at * 151) % 256)),
]);


/** Counts on in the page; the longest pause tells for how long it was frozen. */
async function awake(page) {
  await page.evaluate(() => {
    let last = performance.now();
    globalThis.longestPause = 0;
    globalThis.ticks = 0;
    // For files too large to go through the protocol, which would freeze the page by itself.
    globalThis.offer = (name, parts) => {
      const files = new DataTransfer();
      files.items.add(new File(parts, name));
      const input = document.querySelector("[data-role=open-file]");
      input.files = files.files;
      last = performance.now();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    setInterval(() => {
      const now = performance.now();
      globalThis.longestPause = Math.max(globalThis.longestPause, now - last);
      globalThis.ticks += 1;
      last = now;
    }, 10);
  });
  return async (t, most = PAUSE_MS) => {
    const { pause, ticks } = await page.evaluate(() => ({
      pause: globalThis.longestPause,
      ticks: globalThis.ticks,
    }));
    t.diagnostic(`longest pause ${Math.round(pause)} ms`);
    assert.ok(ticks > 0 && pause < most, `frozen for ${Math.round(pause)} ms`);
  };
}

/** A page with a rule of one's own, over the first example's events. */
async function opened(t, options) {
  const { page, watch } = await browser.open(t, options);
  await status(page, "11 matches");
  await paste(page, editor(page, "Rule"), RULE);
  await status(page, "60 matches");
  return { page, watch, assertAwake: await awake(page) };
}

const pick = (page, name, buffer) =>
  page.locator("[data-role=open-file]").setInputFiles({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(buffer),
  });

const FILES = [
  ["an empty file", "empty.ndjson", "", /empty\.ndjson.*: it is empty/, "60 matches"],
  ["a picture", "shot.png", png, /shot\.png.*not text/, "60 matches"],
  ["a zip", "a.zip", "PK\u0003\u0004\u0000\u0000", /a ZIP archive; unpack it first/, "60 matches"],
  ["a cut gzip", "cut.ndjson.gz", gzipSync(two.repeat(900)).subarray(0, 120), /cut\.ndjson\.gz.*gzip/, /match/],
  ["UTF-16", "utf16.json", utf16(two), /NDJSON, 2 events/, "2 matches"],
  ["gzip", "two.ndjson.gz", gzipSync(two), /NDJSON, 2 events/, "2 matches"],
  ["a JSON array without its end", "cut.json", `[${event("one")},${event("two")},{"a":`, /2 events/, "2 matches"],
  ["a hundred thousand brackets", "deep.ndjson", "[".repeat(100_000), /nested more than 200 levels/, "0 matches"],
  ["nested objects without end", "deep.json", `${'{"a":'.repeat(100_000)}1\n${event("one")}`, /skipped/, /match/],
  ["duplicate keys", "twice.ndjson", `{"event":{"category":"process"},"a":1,"a":2}\n`, /1 event/, "1 match"],
  ["CSV of Discover", "a.csv", '"@timestamp","event.category","process.name"\n"Mar 12, 2026 @ 09:00:00.000","process","sh"\n', /CSV, 1 event/, "1 match"],
  ["a _bulk body", "bulk.ndjson", `{"create":{"_index":"logs"}}\n${event("one")}\n{"index":{"_id":"x"}}\n${event("two")}\n`, /2 events/, "2 matches"],
  ["a _search response", "answer.json", `{"took":1,"hits":{"total":{"value":2},"hits":[${hit("a")},${hit("b")}]}}`, /2 events/, "2 matches"],
  ["lines that are not UTF-8", "bad.ndjson", Buffer.concat([Buffer.from(two), Buffer.from([0x7b, 0xff, 0xfe, 0x0a])]), /not UTF-8/, "2 matches"],
];

for (const [what, name, content, words, result] of FILES) {
  test(`${what}, opened, is answered in words`, async (t) => {
    const { page, watch, assertAwake } = await opened(t);
    await pick(page, name, content);
    await page.getByText(words).first().waitFor();
    await status(page, result);
    assert.equal(await editor(page, "Rule").innerText(), RULE, "what was typed is there");
    await assertAwake(t);
    watch.assertClean();
  });
}

const PASTES = [
  ["a JSON array without its end", `[${event("one")},${event("two")},{"a":`, /2 events/],
  ["a hundred thousand brackets", `${"[".repeat(100_000)}\n${event("one")}`, /1 line skipped/],
  ["duplicate keys", `{"event":{"category":"process"},"a":1,"a":2}`, /1 event/],
  ["half a line", `${event("one")}\n{"event":{"cat`, /1 event, 1 line skipped/],
  ["text that is no event", "Dear all,\nplease see below.", /skipped|no event/],
  ["names that turn the text around", `{"event":{"category":"process"},"process":{"name":"a\u202etxt.exe"}}`, /1 event/],
];

for (const [what, text, words] of PASTES) {
  test(`${what}, pasted, is answered in words`, async (t) => {
    const { page, watch, assertAwake } = await opened(t);
    await paste(page, editor(page, "Events"), text);
    await page.getByText(words).first().waitFor();
    await assertAwake(t);
    // What was there before comes back by one undo.
    await page.keyboard.press("ControlOrMeta+Z");
    await status(page, "60 matches");
    watch.assertClean();
  });
}

test("what turns the text around is named in the list and in the event", async (t) => {
  const { page } = await opened(t);
  await paste(page, editor(page, "Events"), '{"event":{"category":"process"},"process":{"name":"a\u202etxt.exe"}}');
  await status(page, "1 match");
  assert.match(await editor(page, "Events").innerText(), /U\+202E/);
  const row = page.getByRole("option", { name: /U\+202E/ });
  await row.click();
  await page.getByRole("region", { name: "The event", exact: true }).getByText(/U\+202E/).waitFor();
  await screenshot(page, "turned-text");
});

test("one line of twenty megabytes is taken, and the page stays awake", async (t) => {
  const { page, watch, assertAwake } = await opened(t);
  const line = `{"event":{"category":"process"},"message":"${"x".repeat(20 * MEGABYTE)}"}`;
  await page.evaluate((text) => globalThis.offer("long.ndjson", [text]), line);
  await page.getByText(/NDJSON, 1 event/).first().waitFor({ timeout: 60_000 });
  await status(page, "1 match");
  await assertAwake(t);
  assert.equal(await editor(page, "Rule").innerText(), RULE);
  watch.assertClean();
});

test("a file over the limit is refused by its size, unread", async (t) => {
  const { page, watch, assertAwake } = await opened(t);
  await page.evaluate(() => {
    const part = new Blob([new Uint8Array(1_000_000)]);
    globalThis.offer("huge.ndjson", Array.from({ length: 201 }, () => part));
  });
  await page.getByText(/huge\.ndjson.*201 MB.*200 MB/).first().waitFor();
  await status(page, "60 matches");
  await assertAwake(t);
  watch.assertClean();
});

for (const [what, hash, words] of [
  ["a foreign link", "#view=7", /not a link of EQLens/],
  ["a link of a later version", "#v9.r.AAAA", /version/],
  ["a link cut to its prefix", "#v0.r.", /truncated/],
  ["a damaged link", `#v0.r.${"A".repeat(60)}`, /damaged|truncated/],
]) {
  test(`${what} says so, and the draft stays`, async (t) => {
    const { page, watch } = await browser.open(t, { hash });
    await page.getByText(words).first().waitFor();
    await status(page, "11 matches");
    watch.assertClean();
  });
}

test("a rule too long or too deep is refused in words", async (t) => {
  const { page, watch, assertAwake } = await opened(t);
  await paste(page, editor(page, "Rule"), `any where ${"(".repeat(100_000)}true`);
  await page.getByRole("region", { name: "Problems" }).getByText(/Nested more than 200 levels/).first().waitFor();
  await paste(page, editor(page, "Rule"), `any where true // ${"x".repeat(1_100_000)}`);
  await page.getByRole("region", { name: "Problems" }).getByText(/more than the limit/).first().waitFor();
  await paste(page, editor(page, "Rule"), RULE);
  await status(page, "60 matches");
  await assertAwake(t);
  watch.assertClean();
});
