// What would have to change in an event, tried; and only the events that matches need.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, holds, paste, screenshot } from "./support/user.mjs";

const browser = withBrowser();

const RULE = 'process where process.name == "openssl" and not process.args == "-q" and process.pid > 4';
const line = (id, name, args, pid) =>
  JSON.stringify({
    _id: id,
    "@timestamp": "2026-01-01T00:00:00Z",
    event: { category: "process" },
    process: { name, args, pid },
  });
const EVENTS = [
  line("a", "openssl", ["s_client"], 9),
  line("b", "OpenSSL", ["s_client", "-q"], 9),
  line("c", "bash", ["-l"], 9),
  line("d", "zsh", ["-l"], 9),
].join("\n");

const events = (page) => editor(page, "Events");
const text = (field) => field.evaluate((field) => field.innerText.replace(/\n$/, ""));
const button = (page, name) => page.getByRole("button", { name, exact: true });
const row = (page, id) => page.getByRole("option").filter({ hasText: id });

async function open(t, more) {
  const opened = await browser.open(t, more);
  await paste(opened.page, events(opened.page), EVENTS);
  await paste(opened.page, editor(opened.page, "Rule"), RULE);
  await opened.page.getByText("1 match", { exact: true }).first().waitFor();
  return opened;
}

test("what would have to change opens in place, and tried, it matches", async (t) => {
  const { page, watch } = await open(t);
  await page.getByRole("group", { name: "Events shown" }).getByText("All 4").click();
  await row(page, /OpenSSL/).click();
  const ask = button(page, "What would have to change");
  await ask.click();
  await page.getByText("2 edits make it match.").waitFor();
  assert.equal(await ask.getAttribute("aria-expanded"), "true");
  const edits = await page.locator(".change__edit").allInnerTexts();
  assert.deepEqual(
    edits.map((edit) => edit.replace(/\s+/g, " ").trim()),
    ["process.name OpenSSL → openssl clause 2", "process.args -q clause 3"],
  );
  assert.deepEqual(await axe(page), []);
  await screenshot(page, "change");
  await button(page, "Try it").click();
  await page.getByText("2 matches", { exact: true }).first().waitFor();
  const edited = line("b-edited", "openssl", ["s_client"], 9);
  await holds(events(page), `${EVENTS}\n${edited}`);
  // It is the selected one, and it matches: nothing would have to change.
  await page.getByText("b-edited").first().waitFor();
  await ask.waitFor({ state: "detached" });
  // Undo takes it back.
  await events(page).click();
  await page.keyboard.press("ControlOrMeta+Z");
  await holds(events(page), EVENTS);
  watch.assertClean();
});

test("the answer goes when asked again, and says why there is none", async (t) => {
  const { page, watch } = await open(t);
  await paste(page, editor(page, "Rule"), 'process where process.name == "x" and not process.name : "X"');
  const ask = button(page, "What would have to change");
  await ask.click();
  await page.getByText("clauses 2 and 3 exclude each other").waitFor();
  assert.equal(await button(page, "Try it").count(), 0);
  await ask.click();
  await page.getByText("clauses 2 and 3 exclude each other").waitFor({ state: "detached" });
  watch.assertClean();
});

test("only needed events are kept, and the others can be brought back", async (t) => {
  const { page, watch } = await open(t);
  await page.getByRole("group", { name: "Events shown" }).getByText("All 4").click();
  await row(page, "zsh").click();
  await button(page, "Shrink").click();
  await holds(events(page), [EVENTS.split("\n")[0], EVENTS.split("\n")[3]].join("\n"));
  await page.getByText("1 match", { exact: true }).first().waitFor();
  await screenshot(page, "kept");
  await button(page, "Bring it back").click();
  await holds(events(page), EVENTS);
  watch.assertClean();
});

test("the share dialog offers to keep only needed events", async (t) => {
  const { page, watch } = await open(t);
  await page.getByRole("group", { name: "Events shown" }).getByText("All 4").click();
  await row(page, "bash").click();
  await button(page, "Share").click();
  const link = page.getByRole("textbox", { name: "Link" });
  const length = async () => (await link.inputValue()).length;
  const keep = button(page, "Keep only these (2 of 4)");
  await keep.waitFor();
  assert.deepEqual(await axe(page), []);
  await screenshot(page, "keep_in_share");
  const before = await length();
  await keep.click();
  await keep.waitFor({ state: "detached" });
  await page.waitForFunction(
    (before) => {
      const value = document.querySelector("input[aria-label=Link]")?.value ?? "";
      return value.includes("#v") && value.length < before;
    },
    before,
  );
  assert.deepEqual(await axe(page), []);
  watch.assertClean();
});
