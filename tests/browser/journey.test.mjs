// The way of one rule, as a person goes it: paste, look, click, share. Only real input; nothing of
// the page's own state is touched.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withBrowser } from "./support/page.mjs";
import { axe, crashEngine, editor, kept, matches, paste, screenshot } from "./support/user.mjs";

const browser = withBrowser();

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const EVENTS = read("../../rules/openssl_client_or_server.events.ndjson");
const RULE = read("../../rules/openssl_client_or_server.toml");

/** A rule page as Markdown, made of the bundled rule. */
const QUERY = /query = '''\n([^]*?)'''/.exec(RULE)[1].trim();
const PAGE = `---
mapped_pages:
---

# Openssl Client or Server Activity [some-anchor]

What it is about.

**Rule type**: eql

**Rule indices**:

* logs-endpoint.events.*
* endgame-*
* logs-sentinel_one_cloud_funnel.*

**Severity**: low

**Risk score**: 21

## Rule query [another-anchor]

\`\`\`js
${QUERY}
\`\`\`
`;

/** The seed page exactly as it stands, where it is at hand; else the page above. */
const SEEDS = fileURLToPath(new URL("../../../shared/seeds/", import.meta.url));
const SEED = existsSync(SEEDS)
  ? readFileSync(SEEDS + readdirSync(SEEDS).find((name) => name.startsWith("000")), "utf8")
  : PAGE;
if (SEED === PAGE) console.log("skipped: the seed page is not at hand; a page like it is used");

const tab = (page, name) => page.getByRole("tab", { name });
const row = (page, text) => page.getByRole("option", { name: text });

/** Waits for a stretch of the rule to be marked as linked. */
async function marked(page, text) {
  const marks = page.locator("[data-pane=rule] :is(.sel, .linked)");
  await marks.filter({ hasText: text }).first().waitFor();
}

/** Replaces the rule by what a person would type. */
async function retype(page, text) {
  await editor(page, "Rule").click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(text);
}

test("a first visit shows an example with its answer", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await page.getByRole("heading", { name: /^(Matches|Does not match)/ }).waitFor();
  assert.ok((await page.getByRole("option").count()) >= 11);
  watch.assertClean();
});

test("a rule page and events are pasted; tree, matches and verdicts appear", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  // The example has as many matches: another answer in between tells the pasted rule's from it.
  await paste(page, editor(page, "Rule"), "any where true");
  await matches(page, 60);
  await paste(page, editor(page, "Events"), EVENTS);
  await paste(page, editor(page, "Rule"), SEED);
  await matches(page, 11);
  // Recognised: its name is said, and the editor shows the query alone.
  await page.getByText("Openssl Client or Server Activity").first().waitFor();
  await page.getByText("NDJSON, 60 events").first().waitFor();
  assert.match(await editor(page, "Rule").innerText(), /^process where\s+host\.os\.type/);

  // A near miss, its clause and its value.
  await row(page, /showcerts is excluded/).click();
  await page.getByRole("heading", { name: "Does not match: one clause stops it." }).waitFor();
  const why = page.getByRole("tree", { name: "Why, clause by clause" });
  const guilty = why.getByRole("treeitem", { name: /not process\.args == "-showcerts"/ });
  await guilty.waitFor();
  assert.match(await guilty.innerText(), /-showcerts\s+▸ value \d of \d/);
  assert.match(await guilty.innerText(), /excluded/);
  const event = page.getByRole("region", { name: "The event" });
  assert.equal(await event.locator("mark[data-verdict=fails]").innerText(), '"-showcerts"');

  // From the verdict to the source: the clause is marked in the editor.
  await guilty.hover();
  await marked(page, /not process\.args == "-showcerts"/);
  watch.assertClean();
});

test("the tree is linked with the source in both directions", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await tab(page, "Tree").click();
  const outline = page.getByRole("tree", { name: "Outline of the condition" });
  const item = outline.getByRole("treeitem", { name: /process\.name == "openssl"/ });
  // From the tree to the source: the cursor goes there.
  await item.click();
  await marked(page, /process\.name == "openssl"/);
  // From the source to the tree: the row of the clause under the cursor is linked.
  await editor(page, "Rule").getByText("host.os.type").first().click({ position: { x: 60, y: 8 } });
  await outline.locator("[data-linked=true]", { hasText: "host.os.type" }).waitFor();
  // By keyboard: left closes a node, right opens it.
  await outline.focus();
  await page.keyboard.press("Home");
  const before = await outline.getByRole("treeitem").count();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await outline.getByRole("treeitem").count(), 1);
  await page.keyboard.press("ArrowRight");
  assert.equal(await outline.getByRole("treeitem").count(), before);
  watch.assertClean();
});

test("a wrong query gets code, message and squiggle; the last results stay, marked stale", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await retype(page, 'process where process.name = "openssl"');
  const problems = page.getByRole("region", { name: "Problems" });
  await problems.getByText(/= compares nothing/).waitFor();
  await problems.getByText("E-203").waitFor();
  await problems.getByText("rule 1:28").waitFor();
  await page.getByText("This is the last result that could be computed.").waitFor();
  assert.ok((await page.getByRole("option").count()) >= 11, "the last rows stay");
  const squiggle = page.locator("[data-pane=rule] .sq");
  await squiggle.waitFor();
  assert.equal(await squiggle.innerText(), "=");
  // Mended: everything is fresh again.
  await retype(page, 'process where process.name == "openssl"');
  await page.getByText("This is the last result that could be computed.").waitFor({ state: "detached" });
  await problems.getByText("E-203").waitFor({ state: "detached" });
  assert.match(await problems.innerText(), /^Problems\s+0\s/, "only notes are left, unasked");
  watch.assertClean();
});

test("a bad event line is named with line, column and reason; the rest loads", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  const lines = EVENTS.trimEnd().split("\n");
  lines.splice(2, 0, '{"process":{"name":"sshd"} "os":1}');
  await paste(page, editor(page, "Events"), lines.join("\n"));
  await page.getByText("NDJSON, 60 events, 1 line skipped").first().waitFor();
  const problems = page.getByRole("region", { name: "Problems" });
  await problems.getByText(/Line skipped: expected , or } after the value/).waitFor();
  await problems.getByText("D-101").waitFor();
  await problems.getByText("events 3:28").waitFor();
  await matches(page, 11);
  watch.assertClean();
});

test("what is not a rule, or no events at all, leaves the page usable", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await paste(page, editor(page, "Events"), "\u0000\u0001 not json \u202e");
  await page.getByText(/1 line skipped/).first().waitFor();
  await paste(page, editor(page, "Events"), "");
  await editor(page, "Events").click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await paste(page, editor(page, "Rule"), "<script>alert(1)</script><img src=x onerror=alert(1)>");
  await page.getByRole("region", { name: "Problems" }).waitFor();
  await paste(page, editor(page, "Rule"), "any where true");
  await paste(page, editor(page, "Events"), '{"message":"<b onclick=x>hi</b>","host":{"name":"<i>h</i>"}}');
  await matches(page, 1);
  await row(page, /<b onclick=x>hi/).waitFor();
  assert.equal(await page.locator("b[onclick], script[src=x], img").count(), 0);
  watch.assertClean();
});

test("an engine panic restarts the worker and loses nothing", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  await retype(page, 'process where process.name == "curl"');
  await matches(page, 2);
  const before = await page.getByRole("status").filter({ hasText: /match/ }).first().innerText();
  await crashEngine(page);
  await page.getByRole("alert").filter({ hasText: "The engine stopped and was started again." }).waitFor();
  assert.equal(await editor(page, "Rule").innerText(), 'process where process.name == "curl"');
  // The new engine answers: the same, and new questions.
  await page.getByText(/computed again by the new engine/).waitFor();
  assert.equal(await page.getByRole("status").filter({ hasText: /match/ }).first().innerText(), before);
  await retype(page, 'process where process.name == "openssl" and event.action == "fork"');
  await matches(page, 2);
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("alert").waitFor({ state: "detached" });
  assert.deepEqual(watch.violations, []);
  assert.deepEqual(watch.requestsAfterLoad(), []);
});

test("a draft survives a reload", async (t) => {
  const { page } = await browser.open(t);
  await matches(page, 11);
  await retype(page, 'process where process.name == "git"');
  await kept(page, '"git"');
  await page.reload();
  await page.evaluate(() => globalThis.eqlens.whenSealed());
  await editor(page, "Rule").waitFor();
  await page.waitForFunction(
    () => document.querySelector("[data-pane=rule]")?.textContent !== "",
  );
  assert.equal(await editor(page, "Rule").innerText(), 'process where process.name == "git"');
});

test("a permalink opens to the same in a fresh profile, and never touches a draft", async (t) => {
  const sender = await browser.open(t);
  const { page } = sender;
  await matches(page, 11);
  await paste(page, editor(page, "Rule"), SEED);
  await row(page, /showcerts is excluded/).click();
  await page.getByRole("heading", { name: "Does not match: one clause stops it." }).waitFor();
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /The rule and all 60 events/ }).check();
  await dialog.getByText(/characters/).first().waitFor();
  await dialog.getByRole("button", { name: "Copy link" }).click();
  await dialog.getByRole("status").filter({ hasText: /[Cc]opied/ }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /#v0\.r\.[\w-]+$/);
  sender.watch.assertClean();

  // A visitor with a draft of their own.
  const visitor = await browser.open(t);
  await matches(visitor.page, 11);
  await retype(visitor.page, 'process where process.name == "mine"');
  await kept(visitor.page, '"mine"');
  await visitor.page.goto(visitor.server.url + link.slice(link.indexOf("#")));
  await visitor.page.getByText(/Opened from a link/).waitFor();
  await matches(visitor.page, 11);
  assert.match(await editor(visitor.page, "Rule").innerText(), /^process where\s+host\.os\.type/);
  await visitor.page.getByRole("heading", { name: "Does not match: one clause stops it." }).waitFor();
  await visitor.page.getByRole("button", { name: "Back to my draft" }).click();
  await visitor.page.waitForFunction(() => !document.body.textContent.includes("Opened from a link"));
  assert.equal(await editor(visitor.page, "Rule").innerText(), 'process where process.name == "mine"');

  // A fresh profile, straight to the link.
  const fresh = await browser.open(t, { hash: link.slice(link.indexOf("#")) });
  await fresh.page.getByText(/Opened from a link/).waitFor();
  await matches(fresh.page, 11);
  fresh.watch.assertClean();

  // A link that was cut says so; the draft is there.
  const cut = await browser.open(t, { hash: link.slice(link.indexOf("#"), -200) });
  await cut.page.getByText(/truncated/).first().waitFor();
  await matches(cut.page, 11);
  cut.watch.assertClean();
});

test("twenty thousand events do not fill the document", async (t) => {
  const { page, watch } = await browser.open(t);
  await matches(page, 11);
  const line = (i) =>
    `{"@timestamp":${1773306000000 + i},"event":{"category":"process"},"process":{"name":"p${i % 7}"}}`;
  const many = Array.from({ length: 20_000 }, (_, i) => line(i)).join("\n");
  await paste(page, editor(page, "Events"), many);
  await retype(page, 'process where process.name == "p3"');
  await page.getByRole("status").filter({ hasText: "2,857 matches" }).first().waitFor();
  await page.getByRole("button", { name: /^All 20,000/ }).click();
  await page.getByRole("listbox", { name: "Result" }).focus();
  await page.keyboard.press("End");
  await row(page, /p0|p1|p2|p3|p4|p5|p6/).first().waitFor();
  assert.ok((await page.getByRole("option").count()) < 80);
  watch.assertClean();
});

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing in the dialog of links, ${theme}`, async (t) => {
    const { page } = await browser.open(t, { context: { colorScheme: theme } });
    await matches(page, 11);
    for (const [width, height] of [[1440, 900], [1024, 800], [390, 844]]) {
      await page.setViewportSize({ width, height });
      for (const name of ["Matches", "Tree", "Rule"]) {
        await tab(page, name).click();
        await tab(page, name).and(page.locator("[aria-selected=true]")).waitFor();
        await screenshot(page, `${name}-${theme}-${width}`.toLowerCase());
      }
      await page.getByRole("button", { name: "Share" }).click();
      await page.getByRole("dialog").getByText(/characters/).first().waitFor();
      await screenshot(page, `share-${theme}-${width}`);
      if (width !== 1024) assert.deepEqual(await axe(page, {}, "dialog"), [], `${width}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
  });
}
