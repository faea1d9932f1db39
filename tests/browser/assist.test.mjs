// Help while a rule is written: what may stand at the cursor, what a word means, fixes at hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, paste, screenshot } from "./support/user.mjs";

const browser = withBrowser();

const EVENTS = [
  ...Array.from({ length: 7 }, (_, pid) => ({
    "@timestamp": `2026-03-01T10:00:0${pid}Z`,
    event: { category: "process", type: "start" },
    host: { os: { type: "linux" } },
    process: { pid, name: pid < 4 ? "openssl" : 'we"ird\\name', args: ["a", "b"] },
  })),
  { event: { category: "file" }, file: { path: "/tmp/x" } },
]
  .map((event) => JSON.stringify(event))
  .join("\n");

const rule = (page) => editor(page, "Rule");
const list = (page) => page.getByRole("listbox", { name: "Suggestions" });
const labels = async (page) => (await list(page).locator(".label").allTextContents()).slice(0, 3);
const text = (page) => rule(page).evaluate((field) => field.innerText.replace(/\n$/, ""));

/** Waits until the engine has answered all that was typed: a word is explained after it. */
async function answered(page) {
  const tip = page.getByRole("tooltip");
  await page.mouse.move(5, 5);
  await tip.waitFor({ state: "detached" });
  // The category, with which the query begins.
  await rule(page).locator(".cm-line").first().hover({ position: { x: 24, y: 10 } });
  await tip.waitFor();
  await page.mouse.move(5, 5);
  await tip.waitFor({ state: "detached" });
}

async function open(t, query, more) {
  const opened = await browser.open(t, more);
  const { page } = opened;
  if (more?.context?.viewport.width < 720) {
    await page.getByRole("button", { name: /^Events/ }).click();
  }
  await paste(page, editor(page, "Events"), EVENTS);
  if (more?.context?.viewport.width < 720) {
    await page.getByRole("button", { name: /^Rule/ }).click();
  }
  await page.getByText("NDJSON, 8 events").first().waitFor({ state: "attached" });
  await paste(page, rule(page), query);
  return opened;
}

test("a rule is written with the list alone: category, field, operator, value", async (t) => {
  const { page, watch } = await open(t, " ");
  await page.keyboard.type("pro");
  await list(page).waitFor();
  assert.deepEqual(await labels(page), ["process"]);
  await page.keyboard.press("Enter");
  await page.keyboard.type("process.na");
  await list(page).getByText("process.name", { exact: true }).waitFor();
  assert.match(await list(page).getByRole("option").first().innerText(), /string\s*in 7 of 8 events/);
  await page.keyboard.press("Tab");
  await page.keyboard.type(' == "');
  await list(page).getByText('"openssl"').waitFor();
  assert.deepEqual(await labels(page), ['"openssl"', '"we\\"ird\\\\name"']);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal((await text(page)).trim(), 'process where process.name == "we\\"ird\\\\name"');
  assert.equal(await list(page).count(), 0);
  await page.getByText("3 matches").first().waitFor();
  // One undo takes the value back, no more.
  await page.keyboard.press("ControlOrMeta+Z");
  assert.equal((await text(page)).trim(), 'process where process.name == "');
  watch.assertClean();
});

test("a dot opens the list, Escape closes it, Ctrl-Space opens it anywhere", async (t) => {
  const { page, watch } = await open(t, "process where ");
  await page.keyboard.type("process.");
  await list(page).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await list(page).count(), 0);
  await page.keyboard.type("pid ");
  await answered(page);
  assert.equal(await list(page).count(), 0, "a blank opens nothing");
  await page.keyboard.press("Control+Space");
  await list(page).waitFor();
  assert.deepEqual(await labels(page), ["==", "!=", "<"]);
  // The text keeps the focus and points at the chosen option.
  const chosen = () => list(page).locator('[aria-selected="true"]');
  assert.equal(await chosen().getAttribute("id"), await rule(page).getAttribute("aria-activedescendant"));
  await page.keyboard.press("ArrowUp");
  assert.equal(await chosen().getByText("not in").count(), 1, "round the end");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal((await text(page)).trimEnd(), "process where process.pid !=");
  watch.assertClean();
});

test("a word that is whole leaves Enter and Tab to the text", async (t) => {
  const { page } = await open(t, "process where process.pid > 1 ");
  await page.keyboard.type("and");
  await answered(page);
  assert.equal(await list(page).count(), 0);
  await page.keyboard.press("Enter");
  await page.keyboard.type("process.pid");
  await answered(page);
  assert.equal(await list(page).count(), 0);
  await page.keyboard.press("Enter");
  await page.keyboard.type("< 9");
  assert.equal(await text(page), "process where process.pid > 1 and\nprocess.pid\n< 9");
  await page.getByText("5 matches").first().waitFor();
});

test("an option is taken by click, and leaving the text closes the list", async (t) => {
  const { page } = await open(t, "process where ");
  await page.keyboard.type("startsW");
  await list(page).getByRole("option", { name: /^startsWith~/ }).click();
  assert.equal(await text(page), "process where startsWith~(");
  await page.keyboard.type("pr");
  await list(page).waitFor();
  await editor(page, "Events").click();
  await list(page).waitFor({ state: "detached" });
});

test("in a document only its query is completed, in its place", async (t) => {
  const toml = "[rule]\nname = \"n\"\nquery = '''\nprocess where true\n'''\n";
  const { page, watch } = await open(t, toml);
  await page.getByRole("button", { name: "EQL", exact: true }).waitFor();
  await rule(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" and process.pi");
  await list(page).getByText("process.pid", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  assert.match(await text(page), /process where true and process\.pid/);
  watch.assertClean();
});

test("a field, a function and an operator are explained under the pointer", async (t) => {
  const query = 'process where\n  startsWith~(process.name, "open") and\n  process.args : "*"';
  const { page, watch } = await open(t, query);
  await page.getByText("4 matches").first().waitFor();
  const at = async (word) => {
    const box = await rule(page).evaluate((field, word) => {
      const walker = document.createTreeWalker(field, NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode()); ) {
        const start = node.data.indexOf(word);
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, start + word.length);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }
      return null;
    }, word);
    await page.mouse.move(5, 5);
    await page.getByRole("tooltip").waitFor({ state: "detached" });
    await page.mouse.move(box.x, box.y);
    await page.mouse.move(box.x + 1, box.y);
    const tip = page.getByRole("tooltip");
    await tip.waitFor();
    return tip.innerText();
  };
  const field = await at("process.name");
  assert.match(field, /process\.name\s*string, ECS/);
  assert.match(field, /Name of the process\s*7 of 8 events have a value/);
  assert.match(field, /openssl\s*4\s*we"ird\\name\s*3/);
  await screenshot(page, "assist-hover-1440-light");
  assert.match(await at("startsWith"), /startsWith~\(text, start\)[^]*Letter case does not count/);
  assert.match(await at('"*"'), /any run of characters/);
  assert.match(await at("process where".slice(0, 7)), /7 of 8 events/);
  watch.assertClean();
});

test("a problem is fixed from its row, by keyboard, and undo takes it back", async (t) => {
  const { page, watch } = await open(t, 'process where process.name = "openssl"');
  const problems = page.getByRole("region", { name: "Problems" });
  const fix = problems.getByRole("button", { name: "Write ==" });
  await fix.focus();
  await page.keyboard.press("Enter");
  await page.getByText("4 matches").first().waitFor();
  assert.equal(await text(page), 'process where process.name == "openssl"');
  await fix.waitFor({ state: "detached" });
  await problems.getByText("Nothing is wrong with the rule or the events.").waitFor();
  await page.keyboard.press("ControlOrMeta+Z");
  assert.equal(await text(page), 'process where process.name = "openssl"');
  watch.assertClean();
});

test("the card of a finding shows the line as its fix would leave it", async (t) => {
  const { page } = await open(t, 'process where\n  process.name = "openssl"');
  await page.locator("[data-pane=rule] .sq").waitFor();
  await rule(page).focus();
  await page.keyboard.press("F8");
  await page.keyboard.press("Control+.");
  const card = page.getByRole("dialog", { name: "Finding" });
  await card.getByText('+ process.name == "openssl"').waitFor();
  await screenshot(page, "assist-card-1440-light");
});

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
  [390, 844],
]) {
  for (const theme of ["light", "dark"]) {
    test(`the list fits at ${width} px, ${theme}, and axe has no complaint`, async (t) => {
      const { page } = await open(t, "process where process.pid > 1 and ", {
        context: { viewport: { width, height }, colorScheme: theme },
      });
      await page.keyboard.type("proc");
      await list(page).waitFor();
      const box = await list(page).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= width, `${box.x} + ${box.width}`);
      assert.ok(box.y + box.height <= height);
      // What the list is made of is the same at every width.
      if (width === 1440) assert.deepEqual(await axe(page, {}, ".app__left"), []);
      await screenshot(page, `assist-list-${width}-${theme}`);
    });
  }
}
