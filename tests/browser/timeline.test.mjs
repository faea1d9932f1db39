// The timeline: lanes of a sequence and its play-head, strips of an event query, the grid of a
// sample; by mouse, wheel, keys and touch. Only real input.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, paste, screenshot, status } from "./support/user.mjs";

const browser = withBrowser();

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const rule = (slug) => read(`../../rules/${slug}.toml`);
const events = (slug) => read(`../../rules/${slug}.events.ndjson`);

const tab = (page, name) => page.getByRole("tab", { name });
const plotOf = (page) => page.getByRole("group", { name: /^Timeline/ });
const detailOf = (page) => page.getByRole("region", { name: "The selected event" });
const stateOf = (page) => page.getByRole("table", { name: "Partial sequences at the play-head" });
const ticksOf = (page) => page.locator("[data-part=tick]").allTextContents();

/** Opens one of the shipped examples by the menu. */
async function example(page, name) {
  await page.getByRole("button", { name: "Examples" }).click();
  await page.getByRole("menu", { name: "Examples" }).getByRole("menuitem", { name }).click();
}

/** Opens the timeline of the sequence example. */
async function sequence(t, context) {
  const opened = await browser.open(t, { context });
  await status(opened.page, "11 matches");
  await example(opened.page, /systemd/);
  await status(opened.page, "5 sequences match");
  await tab(opened.page, "Timeline").click();
  await plotOf(opened.page).waitFor();
  await stateOf(opened.page).waitFor();
  return opened;
}

/** Waits until the labels of the axis are, or are no longer, these. */
const ticksChanged = (page, before, same = false) =>
  page.waitForFunction(
    ([before, same]) => {
      const all = [...document.querySelectorAll("[data-part=tick]")];
      return (all.map((tick) => tick.textContent).join() === before) === same;
    },
    [before.join(), same],
  );

test("a sequence is drawn: lanes, marks, outcomes; its table says the same", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await paste(page, editor(page, "Rule"), rule("systemd_network_connection"));
  await paste(page, editor(page, "Events"), events("systemd_network_connection"));
  await status(page, "5 sequences match");

  await page.keyboard.press("F6");
  await page.keyboard.press("Control+3");
  const lanes = page.getByRole("list", { name: "Traces" }).getByRole("listitem");
  await lanes.first().waitFor();
  const all = await lanes.count();
  const words = await lanes.locator("svg.timeline__marks").evaluateAll((all) =>
    all.map((lane) => lane.getAttribute("aria-label")),
  );
  assert.equal(words.filter((text) => /: matched in /.test(text)).length, 5);
  assert.ok(words.some((text) => /expired: 1\.2 s too late/.test(text)), words.join("\n"));
  assert.ok(words.some((text) => /overwritten by d18/.test(text)));
  assert.ok(words.some((text) => /entity_id is missing/.test(text)));

  // A mark selects its event, the play-head goes there, and the way to its clauses is open.
  const expired = lanes.filter({ has: page.getByLabel(/expired: 1\.2 s/) });
  await expired.locator(".timeline__mark").last().click();
  const detail = detailOf(page);
  await detail.getByText(/over the 5 s allowed/).first().waitFor();
  await detail.locator(".timeline__did", { hasText: "d15" }).waitFor();
  assert.equal(await expired.getAttribute("data-current"), "true");
  await page.locator(".timeline__flag", { hasText: /^\d\d:\d\d:\d\d\.\d{3}$/ }).waitFor();

  // By keyboard: the table, with one row per lane.
  await plotOf(page).focus();
  await page.keyboard.press("t");
  const table = page.getByRole("region", { name: "Traces as a table" }).getByRole("table");
  await table.waitFor();
  assert.equal(await table.getByRole("row").count(), all + 1);
  const row = table.getByRole("row", { name: /maxspan_expired/ });
  assert.match(await row.innerText(), /ci-08/);
  await row.getByRole("button").first().click();
  await detail.locator(".timeline__did", { hasText: "d14" }).waitFor();
  await detail.getByRole("button", { name: "Why, clause by clause" }).click();
  await page.getByRole("tree", { name: "Why, clause by clause" }).getByText("Stage 2").waitFor();
  watch.assertClean();
});

test("the play-head steps the matcher, by keys and by buttons", async (t) => {
  const { page, watch } = await sequence(t);
  const place = detailOf(page).locator(".timeline__place");
  const did = detailOf(page).locator(".timeline__did");
  const at = (text) => place.filter({ hasText: text }).waitFor();
  // Back to the first event, from wherever the selection was.
  await plotOf(page).focus();
  for (let i = 0; i < 60 && !/^1 of/.test(await place.innerText()); i += 1) {
    const before = await place.innerText();
    await page.keyboard.press(",");
    await page.waitForFunction(
      (before) => document.querySelector(".timeline__place")?.textContent !== before,
      before,
    );
  }
  await at(/^1 of \d+$/);
  const rows = stateOf(page).locator("tbody tr");
  assert.match(await did.innerText(), /starts a partial/);
  assert.match(await rows.first().innerText(), /started now/);
  assert.equal(await rows.first().getAttribute("data-current"), "true");
  const lane = page.locator(".timeline__lane[data-current]");
  assert.equal(await lane.count(), 1, "the lane of the event has the wash");
  assert.match(await stateOf(page).locator("th").first().innerText(), /^Pending at \d\d:\d\d:/);

  await page.getByRole("button", { name: "Next event" }).click();
  await at(/^2 of/);
  await page.keyboard.press(".");
  await at(/^3 of/);
  await page.getByRole("button", { name: "Previous event" }).click();
  await at(/^2 of/);
  // Further on something has matched, and the state says so.
  for (let n = 3; n < 9; n += 1) {
    await page.keyboard.press(".");
    await at(new RegExp(`^${n} of`));
  }
  await rows.filter({ hasText: /matched/ }).first().waitFor();

  // It plays because it was told to, and stops when told to.
  await page.getByRole("button", { name: "Play" }).click();
  await at(/^10 of/);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Play" }).waitFor();
  watch.assertClean();
});

test("arrow keys go from mark to mark, Enter chooses, T keeps the focus", async (t) => {
  const { page, watch } = await sequence(t);
  const plot = plotOf(page);
  await plot.focus();
  await page.keyboard.press("Home");
  await page.locator(".timeline__mark[data-spot]").waitFor();
  await plot.locator(".timeline__said", { hasText: /stage 1, event d/ }).waitFor();
  await page.keyboard.press("ArrowRight");
  await plot.locator(".timeline__said", { hasText: /stage 2, event d/ }).waitFor();
  const event = await page.locator(".timeline__mark[data-spot]").getAttribute("data-event");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.locator(".timeline__mark[data-spot][data-selected]").waitFor();
  assert.ok(event);

  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  await page.keyboard.press("t");
  await page.getByRole("region", { name: "Traces as a table" }).waitFor();
  await page.waitForFunction(() => /table/.test(document.activeElement?.ariaLabel ?? ""));
  await page.keyboard.press("t");
  await plot.waitFor();
  await page.waitForFunction(() => /^Timeline/.test(document.activeElement?.ariaLabel ?? ""));
  assert.match(await focused(), /^Timeline/);
  watch.assertClean();
});

test("the wheel scrolls, with Ctrl it zooms, with Shift it pans; a drag pans; F fits", async (t) => {
  const { page, watch } = await sequence(t, { viewport: { width: 1440, height: 700 } });
  const plot = plotOf(page);
  const whole = await ticksOf(page);
  assert.ok(whole.length > 2, whole.join());
  const box = await plot.boundingBox();
  const top = () => plot.evaluate((plot) => plot.scrollTop);
  await page.mouse.move(box.x + box.width * 0.6, box.y + 120);
  const before = await top();
  await page.mouse.wheel(0, before > 0 ? -90 : 90);
  await page.waitForFunction(
    (before) => document.querySelector(".timeline__plot").scrollTop !== before,
    before,
  );
  assert.deepEqual(await ticksOf(page), whole, "scrolling is no zooming");

  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -600);
  await page.keyboard.up("Control");
  await ticksChanged(page, whole);
  const near = await ticksOf(page);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 120, { steps: 6 });
  await page.mouse.up();
  await ticksChanged(page, near);
  const dragged = await ticksOf(page);
  await page.keyboard.down("Shift");
  await page.mouse.wheel(0, -400);
  await page.keyboard.up("Shift");
  await ticksChanged(page, dragged);
  await plot.focus();
  await page.keyboard.press("f");
  await ticksChanged(page, whole, true);
  await page.keyboard.press("w");
  await ticksChanged(page, whole);
  await page.getByRole("button", { name: "Fit" }).click();
  await ticksChanged(page, whole, true);
  watch.assertClean();
});

test("the drawing is saved as SVG that stands alone", async (t) => {
  const { page, watch } = await sequence(t);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save SVG" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "suspicious-network-connection-via-systemd-timeline.svg");
  const text = readFileSync(await download.path(), "utf8");
  // The page's own policy lets nobody parse documents.
  const blank = await page.context().newPage();
  const told = await blank.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      errors: document.querySelectorAll("parsererror").length,
      title: document.querySelector("title")?.textContent,
      texts: [...document.querySelectorAll("text")].map((text) => text.textContent),
      outside: document.querySelectorAll("script, style, image, use, foreignObject").length,
    };
  }, text);
  assert.equal(told.errors, 0);
  assert.equal(told.title, "Suspicious Network Connection via systemd");
  assert.equal(told.texts.filter((text) => /^matched in/.test(text)).length, 5);
  assert.equal(told.outside, 0);
  assert.doesNotMatch(text, /href|url\((?!#)/);
  watch.assertClean();
});

test("an unwanted event, one that stayed away, and one nobody knows of are told apart", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  const line = (second, name, host) =>
    JSON.stringify({
      "@timestamp": `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`,
      event: { category: "process" },
      process: { name },
      host: { name: host },
    });
  const lines = [
    [1, "a", "h1"], [2, "b", "h1"],
    [3, "a", "h2"], [4, "b", "h2"], [5, "x", "h2"],
    [17, "a", "h3"], [18, "b", "h3"],
  ].map(([second, name, host]) => line(second, name, host));
  const stages = ["a", "b"].map((name) => `[process where process.name == "${name}"]`).join(" ");
  await paste(page, editor(page, "Events"), lines.join("\n"));
  await paste(
    page,
    editor(page, "Rule"),
    `sequence by host.name with maxspan=5s ${stages} ![process where process.name == "x"]`,
  );
  await status(page, "2 sequences match");
  await tab(page, "Timeline").click();
  const slot = (tone) => page.locator(`.timeline__lane .timeline__slot[data-tone=${tone}]`);
  await slot("holds").waitFor();
  assert.equal(await slot("fails").count(), 1);
  assert.equal(await slot("missing").count(), 1);
  assert.equal(await slot("missing").getAttribute("fill"), "none", "beyond colour");
  watch.assertClean();
});

test("a sample is a grid of keys and filters; what is missing is said", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await example(page, /UDP/);
  await status(page, "6 samples match");
  await tab(page, "Timeline").click();
  const table = page.getByRole("table");
  await table.waitFor();
  assert.equal(await table.locator("[data-complete]").count(), 6);
  assert.ok((await table.getByText("none", { exact: true }).count()) > 0);
  await table.getByRole("button", { name: "a03", exact: true }).click();
  await page.getByText("Event a03", { exact: true }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save SVG" }).click(),
  ]);
  assert.match(readFileSync(await download.path(), "utf8"), /6 samples from \d+ keys/);
  watch.assertClean();
});

test("an event rule shows matches, near misses and hosts over time; they lead to their events", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await tab(page, "Timeline").click();
  const rows = page.getByRole("list", { name: "Events" }).getByRole("listitem");
  await page.getByRole("img", { name: "Matches: 11 events" }).waitFor();
  assert.ok((await rows.count()) > 3, "hosts have rows of their own");
  await rows.first().locator("[data-tone=holds]").first().click();
  const detail = detailOf(page);
  await detail.getByText("Event d08", { exact: true }).waitFor();
  // By keyboard: down to the near misses, and on.
  await plotOf(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.locator(".timeline__said", { hasText: /^Near misses: event .* nearly matches$/ }).waitFor();
  await page.keyboard.press("Enter");
  await detail.getByText(/Does not match: one clause stops it|index/).first().waitFor();
  await page.keyboard.press("t");
  const table = page.getByRole("region", { name: "Hosts as a table" });
  await table.getByRole("columnheader", { name: "Near misses" }).waitFor();
  watch.assertClean();
});

test("thousands of partial sequences share lanes by key; what is left out is said", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  const line = (i) =>
    `{"@timestamp":${1773306000000 + i * 100},"event":{"category":"process"},"process":{"name":"a"},"host":{"name":"h${i % 20}"}}`;
  await paste(page, editor(page, "Events"), Array.from({ length: 5_000 }, (_, i) => line(i)).join("\n"));
  await paste(
    page,
    editor(page, "Rule"),
    'sequence by host.name with maxspan=5s [process where process.name == "a"] [process where process.name == "b"]',
  );
  await status(page, "0 sequences match");
  await tab(page, "Timeline").click();
  await page.getByText(/showing 2,000 of 5,000 partial sequences; left out: .*overwritten/).waitFor();
  const lanes = page.getByRole("list", { name: "Traces" }).getByRole("listitem");
  assert.equal(await lanes.count(), 20);
  await lanes.first().getByRole("button").click();
  await page.getByText("Only the key").waitFor();
  assert.ok((await lanes.count()) < 60, "only lanes in view are in the document");
  await page.getByRole("button", { name: "All keys" }).click();
  await page.getByText(/one lane a key/).waitFor();
  watch.assertClean();
});

test("a finger pans, and the page fits a phone", async (t) => {
  const { page, watch } = await sequence(t, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const plot = plotOf(page);
  await plot.focus();
  await page.keyboard.press("w");
  await page.keyboard.press("w");
  const before = await ticksOf(page);
  const box = await plot.boundingBox();
  const touch = await page.context().newCDPSession(page);
  const y = box.y + box.height * 0.6;
  const send = (type, x) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: x === null ? [] : [{ x, y }] });
  await send("touchStart", box.x + 300);
  for (let x = 290; x > 60; x -= 20) await send("touchMove", box.x + x);
  await send("touchEnd", null);
  await ticksChanged(page, before);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px`);
  watch.assertClean();
});

for (const theme of ["light", "dark"]) {
  test(`the timeline fits at every width, ${theme}; axe finds nothing in its table`, async (t) => {
    const { page } = await browser.open(t, { context: { colorScheme: theme } });
    await status(page, "11 matches");
    const looks = async (name) => {
      await tab(page, "Timeline").click();
      for (const [width, height] of [[1440, 900], [1024, 800], [390, 844]]) {
        await page.setViewportSize({ width, height });
        await page.locator(".timeline__summary").waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${name} ${width}: ${wide} px too wide`);
        await screenshot(page, `timeline-${name}-${theme}-${width}`);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    };
    await looks("event");
    await example(page, /UDP/);
    await status(page, "6 samples");
    await looks("sample");
    await example(page, /systemd/);
    await status(page, "5 seq");
    await tab(page, "Timeline").click();
    await stateOf(page).waitFor();
    await looks("sequence");
    await page.locator("#result").getByRole("button", { name: "Table", exact: true }).click();
    await page.getByRole("region", { name: "Traces as a table" }).waitFor();
    await looks("table");
    assert.deepEqual(await axe(page, {}, "#result"), []);
    await paste(page, editor(page, "Rule"), 'process where process.name == "no such"');
    await status(page, "0 matches");
    await looks("nothing");
  });
}
