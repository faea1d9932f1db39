// The Compare tab: an edit, what it gains and loses, and which clause decides.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, paste, screenshot } from "./support/user.mjs";

const browser = withBrowser();

const tab = (page, name) => page.getByRole("tab", { name: new RegExp(`^${name}`) });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const comparison = (page) => page.getByRole("region", { name: "Comparison" });
const event = (id, name) =>
  JSON.stringify({ _id: id, "@timestamp": `2026-01-01T00:00:0${id}Z`, event: { category: "process" }, process: { name } });
const EVENTS = [event(1, "sh"), event(2, "bash"), event(3, "zsh")].join("\n");
const OLD = 'process where process.name in ("sh", "bash")';
const NEW = 'process where process.name in ("sh", "zsh")';

/** Changes one literal of the rule, as one does at the keyboard. */
async function edit(page, from, to) {
  const rule = editor(page, "Rule");
  const text = await rule.evaluate((field) => field.innerText.replace(/\n$/, ""));
  assert.ok(text.includes(from), text);
  await paste(page, rule, text.replace(from, to));
}

test("an edit of the example says at once what it gains and loses", async (t) => {
  const { page, watch } = await browser.open(t);
  await page.getByText("11 matches").first().waitFor();
  await tab(page, "Compare").click();
  await comparison(page).getByText("Nothing differs yet").waitFor();
  await page.getByText("the example as it was loaded").first().waitFor();
  assert.deepEqual(await axe(page), []);

  await edit(page, 'not process.args == "-showcerts"', 'not process.args == "-never"');
  const sentence = (words) => comparison(page).getByText(words).waitFor();
  await sentence(/^The new version gains .* clause 8 changed from .* and decides/);
  const gained = comparison(page).getByRole("button", { name: /^gained/ });
  await gained.first().click();
  await comparison(page).getByRole("button", { name: /^gained/, pressed: true }).waitFor();
  assert.deepEqual(await axe(page), []);
  await screenshot(page, "compare");

  // The detail is that of the chosen event.
  await button(page, "Details in Matches").click();
  await page.getByText("Matches.", { exact: true }).waitFor();
  await page.keyboard.press("ControlOrMeta+5");
  await sentence(/^The new version gains/);

  // Back to what it was: nothing differs.
  await button(page, "Swap A and B").click();
  await sentence(/^The new version loses \d+ of/);
  await button(page, "Clear baseline").click();
  await comparison(page).getByText("Nothing differs yet").waitFor();
  watch.assertClean();
});

test("a baseline is set, survives a reload, and can be pasted", async (t) => {
  const { page, watch } = await browser.open(t);
  await paste(page, editor(page, "Events"), EVENTS);
  await paste(page, editor(page, "Rule"), OLD);
  await page.getByText("2 matches").first().waitFor();
  await button(page, "Set baseline").click();
  await paste(page, editor(page, "Rule"), NEW);
  await tab(page, "Compare").click();
  const both = /gains 1 and loses 1 of 2 matches; clause 2 changed from .* and decides both/;
  await comparison(page).getByText(both).waitFor();
  watch.assertClean();
  // The draft is written a moment after the last edit.
  await page.waitForFunction(() => localStorage["eqlens.draft"]?.includes("zsh"));
  await page.reload();
  await page.evaluate(() => globalThis.eqlens.whenSealed());
  await tab(page, "Compare").click();
  await comparison(page).getByText(both).waitFor();
  await page.getByText("the baseline you set").first().waitFor();

  await button(page, "Edit version A").click();
  await paste(page, comparison(page).getByRole("textbox"), NEW.replace('"sh", ', ""));
  await comparison(page).getByText(/gains 1 match and keeps the 1 of the old one/).waitFor();
  assert.deepEqual(await axe(page), []);
});

test("a broken rule keeps the last comparison, and says where it is broken", async (t) => {
  const { page, watch } = await browser.open(t);
  await paste(page, editor(page, "Events"), EVENTS);
  await paste(page, editor(page, "Rule"), OLD);
  await button(page, "Set baseline").click();
  await paste(page, editor(page, "Rule"), NEW);
  await tab(page, "Compare").click();
  await comparison(page).getByText("gains 1 and loses 1").waitFor();
  await edit(page, " in ", " = ");
  await comparison(page).getByText(/The new version cannot run.*The old one has 2 matches/).waitFor();
  await comparison(page).getByText("gains 1 and loses 1").waitFor();
  watch.assertClean();
});

test("the keyboard goes through the matches that differ", async (t) => {
  const { page } = await browser.open(t);
  await paste(page, editor(page, "Events"), EVENTS);
  await paste(page, editor(page, "Rule"), OLD);
  await button(page, "Set baseline").click();
  await paste(page, editor(page, "Rule"), NEW);
  await tab(page, "Compare").click();
  const rows = comparison(page).getByRole("button", { name: /^(gained|lost)/ });
  await rows.first().waitFor();
  await rows.first().focus();
  await page.keyboard.press("End");
  await comparison(page).getByRole("button", { name: /^lost/, pressed: true }).waitFor();
  await page.keyboard.press("Home");
  await comparison(page).getByRole("button", { name: /^gained/, pressed: true }).waitFor();
});

for (const [width, height] of [[1440, 900], [1024, 800], [390, 844]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`nothing is wrong with it at ${width}, ${colorScheme}`, async (t) => {
      const context = { viewport: { width, height }, colorScheme };
      const { page } = await browser.open(t, { context });
      await page.getByText("11 matches").first().waitFor();
      const pane = (name) => page.getByRole("button", { name: new RegExp(`^${name}`) }).last();
      const isNarrow = width < 720;
      if (isNarrow) await pane("Rule").click();
      await edit(page, 'not process.args == "-showcerts"', 'process.args == "-showcerts"');
      if (isNarrow) await pane("Result").click();
      await tab(page, "Compare").click();
      await comparison(page).getByText(/^The new version gains/).waitFor();
      assert.deepEqual(await axe(page), []);
      await screenshot(page, `compare-${width}-${colorScheme}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${wide} wide`);
    });
  }
}
