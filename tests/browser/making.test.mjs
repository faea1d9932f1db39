// What the page makes of a rule: formatted text, events, plain English; and lints that are allowed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, holds, paste, screenshot } from "./support/user.mjs";

const browser = withBrowser();

const UGLY = `process where   process.name=="openssl" // the client
and process.args:("a","b")`;
const FORMATTED = `process where process.name == "openssl" and // the client
  process.args : ("a", "b")`;

const rule = (page) => editor(page, "Rule");
const text = (field) => field.evaluate((field) => field.innerText.replace(/\n$/, ""));
const button = (page, name) => page.getByRole("button", { name, exact: true });

async function open(t, query, events, more) {
  const opened = await browser.open(t, more);
  await paste(opened.page, editor(opened.page, "Events"), events);
  await paste(opened.page, rule(opened.page), query);
  return opened;
}

test("a rule is formatted with its comments, and undo takes it back", async (t) => {
  const { page, watch } = await open(t, UGLY, '{"process":{"name":"x"}}');
  await button(page, "Format").click();
  await holds(rule(page), FORMATTED);
  await rule(page).click();
  await page.keyboard.press("ControlOrMeta+Z");
  await holds(rule(page), UGLY);
  await page.keyboard.press("Shift+Alt+F");
  await holds(rule(page), FORMATTED);
  watch.assertClean();
});

test("of a document only the query is formatted", async (t) => {
  const document = (query) => `[rule]\nname = "A  name"\nquery = '''\n${query}\n'''\n`;
  const { page, watch } = await open(t, document(UGLY), "{}");
  await page.getByText("A name").first().waitFor();
  await button(page, "Format").click();
  await holds(rule(page), FORMATTED);
  await page.getByRole("group", { name: "Show" }).first().getByText("Rule").click();
  await holds(rule(page), document(FORMATTED));
  watch.assertClean();
});

test("a rule with errors is left as it is, and it says so", async (t) => {
  const { page, watch } = await open(t, "process where a = 1", "{}");
  await button(page, "Format").click();
  await page.getByText("The rule is left as it is").waitFor();
  assert.equal(await text(rule(page)), "process where a = 1");
  watch.assertClean();
});

test("events are made of the rule: one that matches, and near misses of each clause", async (t) => {
  const { page, watch } = await open(t, UGLY, '{"mine": 1}');
  await button(page, "Make from rule").click();
  await page.getByText("1 match", { exact: true }).first().waitFor();
  await page.getByText("Matches and near misses 4").waitFor();
  await page.getByText(/ is not openssl/).first().waitFor();
  // What was there is kept.
  await button(page, "Bring it back").click();
  await holds(editor(page, "Events"), '{"mine": 1}');
  watch.assertClean();
});

test("a rule that cannot match says why, and the events stay", async (t) => {
  const query = 'process where process.name == "a" and not process.name == "a"';
  const { page, watch } = await open(t, query, '{"mine": 1}');
  await button(page, "Make from rule").click();
  await page.getByText("No event can match this rule").waitFor();
  assert.equal(await text(editor(page, "Events")), '{"mine": 1}');
  watch.assertClean();
});

test("without events the page offers to make them", async (t) => {
  const { page, watch } = await open(t, UGLY, " ");
  await button(page, "Make events that match").click();
  await page.getByText("1 match", { exact: true }).first().waitFor();
  watch.assertClean();
});

test("the Rule tab reads the query aloud, line by line with its place", async (t) => {
  const { page, watch } = await open(t, UGLY, "{}");
  await page.getByRole("tab", { name: "Rule" }).click();
  const line = page.locator(".rule-card__line");
  await line.first().waitFor();
  assert.deepEqual(await line.allInnerTexts(), [
    "Every process event where all of:",
    'process.name is "openssl"',
    'process.args contains a match of one of (any case): "a", "b"',
  ]);
  await line.nth(1).hover();
  const marked = page.locator(".linked").first();
  await marked.waitFor();
  assert.match(await marked.innerText(), /process\.name/);
  await paste(page, rule(page), "any where true");
  await page.getByText("Every event", { exact: false }).first().waitFor();
  watch.assertClean();
});

test("a warning that is meant is kept out by a comment in the query", async (t) => {
  const query = 'process where process.name in ("python*", "sh")';
  const { page, watch } = await open(t, query, '{"process":{"name":"x"}}');
  await button(page, "Keep, it is meant").first().click();
  const problems = page.getByRole("region", { name: "Problems" });
  await problems.getByText("L-01").waitFor({ state: "detached" });
  assert.match(await text(rule(page)), /eqlens: allow L-01/);
  watch.assertClean();
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 1024, 390]) {
    test(`the words of a rule at ${width} px, ${colorScheme}`, async (t) => {
      const context = { viewport: { width, height: 844 }, colorScheme };
      const { page, watch } = await browser.open(t, { context });
      if (width < 720) {
        await page.getByRole("button", { name: /^Result/ }).click();
      }
      await page.getByRole("tab", { name: "Rule" }).click();
      await page.locator(".rule-card__line").first().waitFor();
      await screenshot(page, `words-${width}-${colorScheme}`);
      watch.assertClean();
    });
  }
}
