// What axe says of every tab in every state of the page, in both themes: all states in a wide
// window, and the two that have all the parts at the other widths. One load a state; the rest is
// clicks, a change of size and of theme.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, paste, status } from "./support/user.mjs";

const browser = withBrowser();

const read = (path) =>
  readFileSync(fileURLToPath(new URL(`../../rules/${path}`, import.meta.url)), "utf8");

const pasted = (slug, result) => async (page) => {
  await paste(page, editor(page, "Rule"), read(`${slug}.toml`));
  await paste(page, editor(page, "Events"), read(`${slug}.events.ndjson`));
  await status(page, result);
};

const WIDE = { width: 1440, height: 900 };
const MIDDLE = { width: 1024, height: 800 };
const NARROW = { width: 390, height: 844 };
const ALL = [WIDE, MIDDLE, NARROW];

/** By name: the sizes a state is looked at in, and how to get there from the example. */
const STATES = {
  "the example": [ALL, async () => {}],
  "nothing at all": [
    [WIDE],
    async (page) => {
      await page.getByRole("button", { name: "Examples" }).click();
      await page.getByRole("menuitem", { name: "Clear rule and events" }).click();
      await page.getByRole("heading", { name: "Nothing to show yet" }).waitFor();
    },
  ],
  "a broken rule": [
    [WIDE],
    async (page) => {
      await editor(page, "Rule").focus();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.type(" and (");
      await page.getByText("This is the last result that could be computed.").waitFor();
    },
  ],
  "broken events": [
    [WIDE],
    async (page) => {
      await paste(page, editor(page, "Events"), '{"event":{"category":"process"}}\n{oops\n[1]\n');
      await page.getByText(/skipped/).first().waitFor();
    },
  ],
  "no match": [
    [WIDE],
    async (page) => {
      await paste(page, editor(page, "Rule"), 'process where process.name == "no such thing" and user.id == 7');
      await status(page, "0 matches");
    },
  ],
  "a sequence": [ALL, pasted("systemd_network_connection", "5 sequences match")],
  "a sample": [[WIDE], pasted("udp_reverse_shell", /samples? match/)],
};

/** Colours are all that differs between the themes; what else axe looks at is the same. */
const OF_COLOURS = { runOnly: ["color-contrast"] };
const RESULT = "#result";
const PANES = ".app__left";

for (const [name, [sizes, prepare]] of Object.entries(STATES)) {
  test(`${name}: axe finds nothing`, async (t) => {
    const { page } = await browser.open(t, { context: { colorScheme: "light" } });
    await status(page, "11 matches");
    await prepare(page);
    const found = [];
    const tabs = page.getByRole("tab");
    const open = async (at) => {
      await tabs.nth(at).click();
      await tabs.nth(at).and(page.locator("[aria-selected=true]")).waitFor();
      await page.locator("#result .list__bone").first().waitFor({ state: "detached" });
    };
    const pane = (label) =>
      page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: label });
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      for (const size of sizes) {
        // The middle width has no colours of its own.
        if (theme === "dark" && size === MIDDLE) continue;
        await page.setViewportSize(size);
        const look = async (what, part) => {
          const lines = await axe(page, theme === "light" ? {} : OF_COLOURS, part);
          found.push(...lines.map((line) => `${theme} ${size.width} ${what}: ${line}`));
        };
        if (size === NARROW && theme === "light") {
          for (const label of [/^Rule/, /^Events/]) {
            await pane(label).click();
            await look(label, PANES);
          }
          await pane(/^Result/).click();
        }
        await open(0);
        // The editors are the largest part by far, and look the same beside every tab.
        await look("all", size === MIDDLE ? RESULT : "html");
        // In a narrow window the parts have the colours that they have in a wide one.
        const isSeen = size === NARROW && theme === "dark";
        for (let at = 1; !isSeen && at < (await tabs.count()); at += 1) {
          await open(at);
          await look(await tabs.nth(at).innerText(), RESULT);
        }
      }
    }
    assert.deepEqual(found, []);
  });
}
