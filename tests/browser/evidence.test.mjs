// What leaves the page: case notes, matches, an event; and the examples that show one thing each.
// Menus by keyboard. Only real input.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, paste, screenshot, status } from "./support/user.mjs";

const browser = withBrowser();

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");

const button = (page, name) => page.getByRole("button", { name });
const menu = (page, name) => page.getByRole("menu", { name });

/** Waits until the text in focus is this; the focus moves after the page was drawn. */
const focused = (page, text) =>
  page.waitForFunction((text) => document.activeElement?.textContent.includes(text), text);

async function choose(page, label, item) {
  await button(page, label).click();
  await menu(page, label).getByRole("menuitem", { name: item }).click();
}

/** The text of what an item of the export menu saves, and its name. */
async function saved(page, item) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    choose(page, "Export", item),
  ]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

test("a case note goes to the clipboard, and the page says so", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await page.bringToFront();
  await choose(page, "Export", /Copy case note/);
  await status(page, /^Case note copied, [\d,]+ (B|kB)$/);
  const note = await clipboard(page);
  assert.match(note, /^# Case note: Openssl Client or Server Activity\n/);
  assert.match(note, /\| Run \| 20\d\d-\d\d-\d\dT[\d:.]+Z, EQLens \d/);
  assert.match(note, /\| Result \| 11 events match; 14 near misses \|/);
  assert.match(note, /```eql\nprocess where\n/);
  assert.match(note, /\n## Event `/, "the selected event is explained");
  assert.match(note, /No link to this investigation was made\./);
  assert.match(note, /nothing left it\.\n$/);

  // A link that was copied is in the next note.
  await button(page, "Share").click();
  const dialog = page.getByRole("dialog");
  const link = dialog.getByRole("textbox", { name: "Link" });
  await page.waitForFunction(() => /#v/.test(document.querySelector(".share__link")?.value));
  const address = await link.inputValue();
  await dialog.getByRole("button", { name: /Copy/ }).click();
  await dialog.getByText("Copied", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await choose(page, "Export", /Copy case note/);
  await status(page, "Case note copied");
  assert.ok((await clipboard(page)).includes(`Link: <${address}>`));
  watch.assertClean();
});

test("notes and matches are saved as files, without a request", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  const note = await saved(page, /Save case note/);
  assert.equal(note.name, "openssl-client-or-server-activity-case-note.md");
  assert.match(note.text, /^# Case note: /);
  await status(page, "Case note: saved");
  const matches = await saved(page, /Save matches/);
  assert.equal(matches.name, "openssl-client-or-server-activity-matches.ndjson");
  const lines = matches.text.trimEnd().split("\n");
  assert.equal(lines.length, 11);
  const sources = read("../../rules/openssl_client_or_server.events.ndjson").split("\n");
  for (const line of lines) {
    const { _id, eqlens } = JSON.parse(line);
    assert.equal(eqlens.verdict, "holds");
    assert.ok(eqlens.clauses.length >= 7, _id);
    const source = sources.find((source) => source.startsWith(`{"_id":"${_id}"`));
    assert.ok(line.includes(`"_source":${source},`), _id);
  }
  watch.assertClean();
});

test("an event is copied as it was pasted", async (t) => {
  const { page } = await browser.open(t);
  await status(page, "11 matches");
  await page.bringToFront();
  const event = '{ "event":{"category":"process"}, "process":{"name":"openssl","pid":18446744073709551615},  "s":"\\u0041" }';
  await paste(page, editor(page, "Events"), event);
  await status(page, "0 matches");
  await button(page, "All 1").click();
  await page.getByRole("option").first().click();
  const detail = page.getByRole("region", { name: "The selected event" });
  await detail.getByRole("button", { name: "Copy", exact: true }).click();
  await detail.getByRole("button", { name: "Copied", exact: true }).waitFor();
  assert.equal(await clipboard(page), event);
});

test("what cannot be exported says why", async (t) => {
  const { page } = await browser.open(t);
  await status(page, "11 matches");
  await paste(page, editor(page, "Rule"), "registry where true");
  await status(page, "0 matches");
  await button(page, "Export").click();
  const item = menu(page, "Export").getByRole("menuitem", { name: /Save matches/ });
  assert.equal(await item.getAttribute("aria-disabled"), "true");
  assert.match(await item.textContent(), /Nothing matches/);
  await page.keyboard.press("Escape");
  await paste(page, editor(page, "Rule"), "file where");
  await page.getByText("This is the last result that could be computed.").waitFor();
  await button(page, "Export").click();
  assert.equal(await menu(page, "Export").locator("[aria-disabled=true]").count(), 4);
});

test("both menus are worked by keyboard", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  for (const [label, first, second, last] of [
    ["Examples", "OpenSSL client", "OpenSSH backdoor", "Clear rule"],
    ["Export", "Copy case note", "Save case note", "Save timeline"],
  ]) {
    await button(page, label).focus();
    await page.keyboard.press("ArrowDown");
    await focused(page, first);
    await page.keyboard.press("ArrowDown");
    await focused(page, second);
    await page.keyboard.press("End");
    await focused(page, last);
    await page.keyboard.press("ArrowDown");
    await focused(page, first);
    await page.keyboard.press("ArrowUp");
    await focused(page, last);
    await page.keyboard.press("Home");
    await focused(page, first);
    // A letter is no shortcut in here.
    await page.keyboard.press("?");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.keyboard.press("Escape");
    await menu(page, label).waitFor({ state: "detached" });
    await focused(page, label);
    await page.keyboard.press("Enter");
    await focused(page, first);
    await page.keyboard.press("Tab");
    await menu(page, label).waitFor({ state: "detached" });
  }
  await button(page, "Examples").focus();
  await page.keyboard.press("Enter");
  await focused(page, "OpenSSL client");
  await page.keyboard.press("ArrowDown");
  await focused(page, "OpenSSH backdoor");
  await page.keyboard.press("Enter");
  await editor(page, "Rule").getByText("file.extension", { exact: false }).first().waitFor();
  await focused(page, "Examples");
  watch.assertClean();
});

const ENDS = [
  [/^Matched:/, "matched in 3 m 15 s", "d02"],
  [/^Expired:/, "expired: 30 s too late", "d04"],
  [/^Overwritten:/, "overwritten by d03", "d01"],
  [/^Until:/, "ended by until event s04", "s03"],
  [/^Unwanted event:/, "discarded: event d02 was there", "d01"],
  [/^Key missing:/, "process.entity_id is missing", "d05"],
  [/^Open at the end:/, "open: stage 2 never came", "d05"],
];

test("each example opens on its timeline and shows how a sequence ended", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  for (const [name, outcome, event] of ENDS) {
    await choose(page, "Examples", name);
    await page.getByText("What to look at:").waitFor();
    const lanes = page.getByRole("list", { name: "Traces" }).getByRole("listitem");
    await lanes.filter({ has: page.getByLabel(new RegExp(outcome)) }).first().waitFor();
    await lanes.filter({ has: page.getByLabel(/: matched in /) }).first().waitFor();
    await page
      .getByRole("region", { name: "The selected event" })
      .locator(".timeline__did", { hasText: `Event ${event}` })
      .waitFor();
    const tab = page.getByRole("tab", { name: "Timeline" });
    assert.equal(await tab.getAttribute("aria-selected"), "true");
  }
  // The hint stays while one looks around, and can be sent away.
  await page.getByRole("tab", { name: "Matches" }).click();
  await page.getByText("What to look at:").waitFor();
  await button(page, "Dismiss").click();
  await page.getByText("What to look at:").waitFor({ state: "detached" });
  watch.assertClean();
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing with menus open, ${width} ${colorScheme}`, async (t) => {
      const context = { viewport: { width, height }, colorScheme };
      const { page } = await browser.open(t, { context });
      await status(page, "11 matches");
      for (const label of ["Examples", "Export"]) {
        await button(page, label).click();
        await menu(page, label).waitFor();
        await screenshot(page, `menu-${label.toLowerCase()}-${colorScheme}-${width}`);
        assert.deepEqual(await axe(page, {}, "header"), []);
        const box = await menu(page, label).boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= width, `${label}: ${JSON.stringify(box)}`);
        assert.ok(box.y + box.height <= height, `${label}: ${JSON.stringify(box)}`);
        await page.keyboard.press("Escape");
        await menu(page, label).waitFor({ state: "detached" });
      }
      await choose(page, "Examples", /^Expired:/);
      await page.getByText("What to look at:").waitFor();
      await page.getByRole("list", { name: "Traces" }).getByRole("listitem").first().waitFor();
      await screenshot(page, `example-${colorScheme}-${width}`);
      const bar = await page.getByRole("banner").evaluate((bar) => bar.scrollWidth - bar.clientWidth);
      assert.ok(bar <= 0, `the bar lacks ${bar} px`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `the page is ${wide} px wide`);
    });
  }
}
