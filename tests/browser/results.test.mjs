// Looking through the answer: the filter over the list, strips of many clauses, the tree of an event
// by keyboard, the three-way link, the drawn tree, the events a clause stops, 100,000 rows. Only real
// input.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, matches, paste, screenshot } from "./support/user.mjs";

const browser = withBrowser();

const tab = (page, name) => page.getByRole("tab", { name });
const row = (page, text) => page.getByRole("option", { name: text });
const list = (page) => page.getByRole("listbox", { name: "Result" });
const field = (page) => page.getByRole("searchbox", { name: "Filter" });
const why = (page) => page.getByRole("tree", { name: "Why, clause by clause" });

/** Presses a key that goes to another row of the tree of an event, and waits until it is there. */
async function moves(page, key) {
  const tree = await why(page).elementHandle();
  const before = await tree.getAttribute("aria-activedescendant");
  await page.keyboard.press(key);
  await page.waitForFunction(
    ([tree, before]) => tree.getAttribute("aria-activedescendant") !== before,
    [tree, before],
  );
}

/** Waits until the list says how many rows fit. */
const fits = (page, text) =>
  page.locator(".matches__said").filter({ hasText: text }).waitFor();

/** A rule of so many clauses, and events that fail one of them each. */
function many(clauses) {
  const parts = Array.from({ length: clauses - 1 }, (_, n) => `f${n + 2} == ${n + 2}`);
  const rule = `process where ${parts.join(" and\n  ")}`;
  const event = (id, bad) => {
    const fields = Object.fromEntries(
      Array.from({ length: clauses - 1 }, (_, n) => [`f${n + 2}`, n + 2 === bad ? 0 : n + 2]),
    );
    const category = { category: "process" };
    return JSON.stringify({ _id: id, "@timestamp": 1000 * bad, event: category, ...fields });
  };
  return { rule, event };
}

test("what is typed over the list leaves what fits it, by words or by a condition", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await page.getByRole("button", { name: /^All 60/ }).click();
  await row(page, /timeout 10 openssl/).first().click();
  await list(page).focus();
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.matches("[type=search]"));
  await page.keyboard.insertText("S_CLIENT mon-01");
  await fits(page, /^\d+ of 60$/);
  const shown = await row(page, "").allInnerTexts();
  assert.ok(shown.length > 1 && shown.every((text) => /s_client/.test(text) && /mon-01/.test(text)));
  // The selection stays, and its detail.
  await page.getByText("Clause 5 fails:").waitFor();

  await field(page).fill('host.name : "web-*"');
  await fits(page, /of 60by condition/);
  const hosts = await row(page, "").allInnerTexts();
  assert.ok(hosts.length > 1 && hosts.every((text) => /web-\d/.test(text)), hosts.join("\n"));
  await field(page).fill("host.name : web-*");
  await fits(page, /of 60by condition/);
  assert.equal((await row(page, "").allInnerTexts()).length, hosts.length);

  await field(page).fill("process.pid >");
  await fits(page, /0 of 60read as words/);
  await page.getByText("No event here fits the filter.").waitFor();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await page.getByText("No event here fits the filter.").waitFor({ state: "detached" });
  assert.equal(await field(page).inputValue(), "");
  // Down from the field the arrow keys go on in the list.
  await field(page).fill("lab-02");
  await fits(page, /of 60$/);
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => !document.activeElement?.matches("[type=search]"));
  await page.keyboard.press("Home");
  await page.locator("[role=option][aria-selected=true]", { hasText: "lab-02" }).waitFor();
  watch.assertClean();
});

test("a cell names its clause, its verdict and its value, by pointer and by keyboard", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  const said = page.locator(".matches__cell");
  const near = row(page, /timeout is not openssl/);
  await near.locator("[data-clause='5']").hover();
  await said.getByText("timeout").waitFor();
  assert.match(await said.innerText(), /Clause 5 process\.name == "openssl" fails: timeout.*it decides/);
  // Of an event that is not the selected one, too; and the clause is marked in the rule.
  const other = row(page, /differs in case/);
  await other.locator("[data-clause='5']").hover();
  await said.getByText("OPENSSL", { exact: true }).waitFor();
  await page.locator("[data-pane=rule] .linked", { hasText: "process.name" }).waitFor();
  await other.click();
  await list(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await said.getByText(/Clause \d+/).waitFor();
  const before = await said.innerText();
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(
    (text) => document.querySelector(".matches__cell").innerText !== text,
    before,
  );
  watch.assertClean();
});

test("strips of two hundred clauses show what decides, and go on to the rest", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  const { rule, event } = many(200);
  await paste(page, editor(page, "Events"), ["a 0", "b 150", "c 37"].map((one) => {
    const [id, bad] = one.split(" ");
    return event(id, Number(bad));
  }).join("\n"));
  await paste(page, editor(page, "Rule"), rule);
  await matches(page, 1);
  const options = row(page, "");
  await options.nth(2).waitFor();
  // What is hidden at a side is told by its number there.
  await options.nth(0).click();
  await page.getByText("Clauses 1–20 of 200").waitFor();
  assert.equal(await options.nth(2).locator(".strip__beyond[data-side=after]").innerText(), "150 ›".replace(" ›", ""));
  assert.ok((await page.locator(".list .strip__cell").count()) <= 3 * 20);
  // The strip of the selected row is turned to what decides in it.
  await options.nth(2).click();
  await page.getByText("Clauses 141–160 of 200").waitFor();
  await options.nth(2).locator("[data-decisive=true][data-clause='150']").waitFor();
  await page.getByRole("button", { name: "Clauses after" }).click();
  await page.getByText("Clauses 161–180 of 200").waitFor();
  await page.getByRole("button", { name: "Clauses before" }).click();
  await list(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".matches__cell").getByText("f150 == 150").waitFor();
  // Every clause is in the tree as well; its page stays quick.
  await page.keyboard.press("F6");
  await tab(page, "Tree").click();
  await page.getByRole("button", { name: "Expand all" }).click();
  await page.getByRole("treeitem", { name: /f200 == 200/ }).waitFor();
  assert.ok((await page.locator(".graph__part").count()) < 120, "only what is near the view");
  await screenshot(page, "results-200-clauses-tree");
  watch.assertClean();
});

test("arrow keys walk the clauses of an event and their values; the event follows", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await row(page, /s_client is absent/).click();
  await why(page).focus();
  await page.keyboard.press("Home");
  const active = async () => {
    const id = await why(page).getAttribute("aria-activedescendant");
    return page.locator(`[id="${id}"]`).innerText();
  };
  assert.match(await active(), /process where/);
  const args = why(page).getByRole("treeitem", { name: /process\.args == "s_client"/ });
  for (let step = 0; step < 20 && !/"s_client"/.test(await active()); step += 1) {
    await moves(page, "ArrowDown");
  }
  assert.match(await active(), /process\.args == "s_client"/);
  await page.keyboard.press("ArrowRight");
  await why(page).getByRole("treeitem", { name: /^value 1 / }).waitFor();
  assert.equal(await args.getAttribute("aria-expanded"), "true");
  await moves(page, "ArrowRight");
  assert.match(await active(), /value 1\s+openssl/);
  await moves(page, "ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await why(page).getByRole("treeitem", { name: /^value 1 / }).waitFor({ state: "detached" });

  // The value that a clause found is marked in the event and comes into view.
  const event = page.getByRole("region", { name: "The event" });
  await page.keyboard.press("Home");
  const isInView = () =>
    event.evaluate((pane) => {
      const line = pane.querySelector("[data-linked]");
      if (!line) return false;
      const [one, other] = [line.getBoundingClientRect(), pane.getBoundingClientRect()];
      return one.top >= other.top - 1 && one.bottom <= other.bottom + 1;
    });
  for (let step = 0; step < 5; step += 1) await moves(page, "ArrowDown");
  await page.waitForFunction(() => document.querySelector(".event-view__body [data-linked]"));
  assert.ok(await isInView());
  watch.assertClean();
});

test("node, source and value are linked three ways, by pointer and by focus", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await row(page, /timeout is not openssl/).click();
  const guilty = why(page).getByRole("treeitem", { name: /process\.name == "openssl"/ });
  const source = page.locator("[data-pane=rule] .linked");
  const value = page.locator(".event-view__line[data-linked]");
  // From the node.
  await guilty.hover();
  await source.filter({ hasText: "process.name" }).waitFor();
  await value.filter({ hasText: "timeout" }).waitFor();
  // From the value.
  await page.locator(".event-view__line", { hasText: '"s_client"' }).first().hover();
  await source.filter({ hasText: "s_client" }).waitFor();
  await page.locator(".why__row[aria-selected=true]", { hasText: "s_client" }).waitFor();
  // From the source.
  await editor(page, "Rule").getByText("host.os.type").first().hover({ position: { x: 60, y: 8 } });
  await page.locator(".why__row[aria-selected=true]", { hasText: "host.os.type" }).waitFor();
  await value.filter({ hasText: "linux" }).waitFor();
  // By focus: in the event the arrow keys go from value to value.
  await page.mouse.move(2, 2);
  await page.getByRole("region", { name: "The event" }).focus();
  await page.keyboard.press("ArrowDown");
  await value.first().waitFor();
  await source.first().waitFor();
  watch.assertClean();
});

test("under the tree stand the events that the chosen clause stops", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await tab(page, "Tree").click();
  const outline = page.getByRole("tree", { name: "Outline of the condition" });
  await outline.getByRole("treeitem", { name: /process\.name == "openssl"/ }).click();
  const section = page.getByRole("region", { name: "Events it stops" });
  await section.getByText("holds for 26, fails for 30").waitFor();
  const rows = section.getByRole("row");
  assert.match(await rows.nth(1).innerText(), /one clause from a match/);
  const cells = await rows.nth(1).getByRole("cell").allInnerTexts();
  await rows.nth(1).getByRole("button").click();
  await page.getByRole("button", { name: `Counts and event ${cells[0].trim()}` }).waitFor();
  await section.locator("tr[data-current]").waitFor();
  await section.getByText("holds for 26, fails for 30").waitFor();
  // The number of events that get as far as a clause, instead of its own.
  const leaf = page.locator(".graph__part", { hasText: "process.name" });
  const alone = await leaf.locator(".graph__count").textContent();
  await page.getByRole("button", { name: "So far" }).click();
  await page.waitForFunction(
    (before) =>
      [...document.querySelectorAll(".graph__part")]
        .find((part) => /process\.name/.test(part.textContent))
        .querySelector(".graph__count").textContent !== before,
    alone,
  );
  // All of them, in the list.
  await section.getByRole("button", { name: "Show them in Matches" }).click();
  await fits(page, /of 60by condition/);
  assert.equal(await field(page).inputValue(), 'not (process.name == "openssl")');
  watch.assertClean();
});

test("where nothing matches, a headline names the clause that stops most, with its events", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await paste(page, editor(page, "Rule"), 'process where process.name == "openssl" and process.pid == 1');
  await matches(page, 0);
  const headline = page.locator(".stopper");
  await headline.getByText(/process\.pid/).waitFor();
  await headline.getByRole("button", { name: "Show them" }).click();
  await page.getByRole("region", { name: "Events it stops" }).getByText(/process\.pid/).first().waitFor();
  assert.equal(await tab(page, "Tree").getAttribute("aria-selected"), "true");
  assert.deepEqual(await axe(page), []);
  watch.assertClean();
});

test("the drawn tree is zoomed by buttons, keys and wheel, moved by drag, and fits again", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await tab(page, "Tree").click();
  const drawing = page.locator(".graph__drawing");
  await drawing.waitFor();
  const width = async () => (await drawing.boundingBox()).width;
  const grown = (before) =>
    page.waitForFunction(
      (was) => document.querySelector(".graph__drawing").getBoundingClientRect().width > was + 1,
      before,
    );
  const first = await width();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await grown(first);
  const frame = page.getByRole("region", { name: /^Drawing of the condition/ });
  let now = await width();
  await frame.focus();
  await page.keyboard.press("+");
  await grown(now);
  now = await width();
  const box = await frame.boundingBox();
  await page.mouse.move(box.x + 300, box.y + 150);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -200);
  await page.keyboard.up("Control");
  await grown(now);
  const left = await frame.evaluate((it) => it.scrollLeft);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 120, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(
    (was) => document.querySelector(".graph__frame").scrollLeft > was,
    left,
  );
  await page.keyboard.press("0");
  await page.waitForFunction(() => {
    const frame = document.querySelector(".graph__frame");
    return frame.scrollWidth <= frame.clientWidth + 1 && frame.scrollHeight <= frame.clientHeight + 1;
  });
  watch.assertClean();
});

test("stages are numbered in the margin as in the timeline", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await paste(
    page,
    editor(page, "Rule"),
    "sequence by host.name with maxspan=1h\n  [process where true]\n" +
      "  [process where process.pid > 0] with runs=3\n  ![file where true]\n  [network where true]",
  );
  await page.getByRole("status").filter({ hasText: /sequences? match/ }).first().waitFor();
  const stages = page.locator("[data-pane=rule] .stage");
  await stages.nth(3).waitFor();
  assert.deepEqual(await stages.allInnerTexts(), ["1", "2–4", "5", "6"]);
  assert.ok(await stages.nth(2).evaluate((stage) => stage.hasAttribute("data-missing")));
  const counts = page.locator("[data-pane=rule] .count");
  assert.match(await counts.first().getAttribute("title"), /satisfy clause 1 alone; .* this far/);
  watch.assertClean();
});

test("100,000 events: few rows in the document, from one end to the other", async (t) => {
  const { page, watch } = await browser.open(t);
  page.setDefaultTimeout(60_000);
  await matches(page, 11);
  const folder = await mkdtemp(join(tmpdir(), "eqlens-rows-"));
  t.after(() => rm(folder, { recursive: true }));
  const lines = Array.from({ length: 100_000 }, (_, n) => {
    const time = new Date(1_700_000_000_000 + n * 1000).toISOString();
    const name = n % 1000 === 7 ? "openssl" : "sh";
    return `{"_id":"e${n}","@timestamp":"${time}","event":{"category":"process"},"host":{"name":"h${n % 50}"},"process":{"name":"${name}","pid":${n}}}`;
  });
  const path = join(folder, "many.ndjson");
  await writeFile(path, lines.join("\n"));
  await paste(page, editor(page, "Rule"), 'process where process.name == "openssl"');
  await page.locator("[data-role=open-file]").setInputFiles(path);
  await page.getByText("NDJSON, 100,000 events").first().waitFor();
  await matches(page, 100);
  await page.getByRole("button", { name: /^All 100,000/ }).click();
  await row(page, /sh/).first().waitFor();

  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((seen) => {
      for (const { duration } of seen.getEntries()) {
        globalThis.longest = Math.max(globalThis.longest, duration);
      }
    }).observe({ type: "longtask" });
  });
  const inDocument = () => page.locator(".list [role=option], .list [data-part=bones]").count();
  const few = async () => assert.ok((await inDocument()) < 200, String(await inDocument()));
  const at = (position) => page.locator(`[role=option][aria-posinset="${position}"]`);

  // By wheel.
  const box = await list(page).boundingBox();
  await page.mouse.move(box.x + 200, box.y + 100);
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 1500);
  await page.waitForFunction(() => document.querySelector(".list").scrollTop > 20_000);
  await few();
  // To the middle, as by dragging the bar.
  await list(page).evaluate((it) => it.scrollTo(0, it.scrollHeight / 2));
  await at(50_000).waitFor();
  await few();
  // To the end and back by keyboard.
  await list(page).focus();
  await page.keyboard.press("End");
  await at(100_000).waitFor();
  await page.locator("[role=option][aria-selected=true][aria-posinset='100000']").waitFor();
  await page.locator(".event-view__id", { hasText: "e99999" }).waitFor();
  await few();
  for (let up = 0; up < 30; up += 1) await page.keyboard.press("ArrowUp");
  await page.locator("[role=option][aria-selected=true][aria-posinset='99970']").waitFor();
  await page.keyboard.press("Home");
  await page.locator("[role=option][aria-selected=true][aria-posinset='1']").waitFor();
  // The filter over all of them.
  await field(page).fill("process.pid >= 99990");
  await fits(page, /10 of 100,000by condition/);
  assert.equal(await row(page, "").count(), 10);
  await field(page).fill("h49 openssl");
  await fits(page, /of 100,000$/);
  const longest = await page.evaluate(() => globalThis.longest);
  t.diagnostic(`longest task of the main thread while looking around: ${longest} ms`);
  watch.assertClean();
});

/** The example, a rule that nothing matches, a rule of two hundred clauses. */
const { rule: MANY, event: one } = many(200);
const SIGHTS = [
  ["example", null, null, 11],
  ["none", 'process where process.pid == 1 and process.name == "openssl"', null, 0],
  ["many", MANY, [one("a", 0), one("b", 150), one("c", 37)].join("\n"), 1],
];

for (const [name, query, events, count] of SIGHTS) {
  test(`nothing for axe to find at any width, light or dark: ${name}`, async (t) => {
    const { page, watch } = await browser.open(t);
    await matches(page, 11);
    if (events) await paste(page, editor(page, "Events"), events);
    if (query) await paste(page, editor(page, "Rule"), query);
    await matches(page, count);
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
      if (width < 500) await page.getByRole("button", { name: /^Result/ }).click();
      for (const view of ["Matches", "Tree"]) {
        await tab(page, view).click();
        const there = view === "Tree" ? ".failing__words" : "[role=option], .matches__none";
        await page.locator(there).first().waitFor();
        const wide = await page.evaluate(() => {
          const root = document.documentElement;
          return root.scrollWidth > root.clientWidth;
        });
        assert.equal(wide, false, `${width} ${view} scrolls sideways`);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          // The other sights are looked at with all tabs elsewhere.
          const isNew = name === "many" && width !== 1024;
          if (isNew) assert.deepEqual(await axe(page, {}, "#result"), [], `${width} ${view}`);
          await screenshot(page, `results-${name}-${width}-${colorScheme}-${view.toLowerCase()}`);
        }
      }
    }
    watch.assertClean();
  });
}
