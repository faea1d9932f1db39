// What axe says of every tab, at three widths, in both themes, in every state of the page. One load
// a state and theme; the rest is clicks and a change of size.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, paste } from "./support/user.mjs";

const browser = withBrowser();

const read = (path) =>
  readFileSync(fileURLToPath(new URL(`../../rules/${path}`, import.meta.url)), "utf8");
const status = (page, text) =>
  page.getByRole("status").filter({ hasText: text }).first().waitFor();

const pasted = (slug, result) => async (page) => {
  await paste(page, editor(page, "Rule"), read(`${slug}.toml`));
  await paste(page, editor(page, "Events"), read(`${slug}.events.ndjson`));
  await status(page, result);
};

const STATES = {
  "the example": async () => {},
  "nothing at all": async (page) => {
    await page.getByRole("button", { name: "Examples" }).click();
    await page.getByRole("button", { name: "Clear rule and events" }).click();
    await page.getByRole("heading", { name: "Nothing to show yet" }).waitFor();
  },
  "a broken rule": async (page) => {
    await editor(page, "Rule").focus();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type(" and (");
    await page.getByText("This is the last result that could be computed.").waitFor();
  },
  "broken events": async (page) => {
    await paste(page, editor(page, "Events"), '{"event":{"category":"process"}}\n{oops\n[1]\n');
    await page.getByText(/skipped/).first().waitFor();
  },
  "no match": async (page) => {
    await paste(page, editor(page, "Rule"), 'process where process.name == "no such thing" and user.id == 7');
    await status(page, "0 matches");
  },
  "a sequence": pasted("systemd_network_connection", "5 sequences match"),
  "a sample": pasted("udp_reverse_shell", /samples? match/),
};

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 800 },
  { width: 390, height: 844 },
];

/** Colours are all that differs between the themes; what else axe looks at is the same. */
const OF_COLOURS = { runOnly: ["color-contrast"] };

for (const [name, prepare] of Object.entries(STATES)) {
  for (const theme of ["light", "dark"]) {
    test(`${name}, ${theme}: axe finds nothing`, async (t) => {
      const { page } = await browser.open(t, { context: { colorScheme: theme } });
      await status(page, "11 matches");
      await prepare(page);
      const options = theme === "light" ? {} : OF_COLOURS;
      const found = [];
      const look = async (what, part) => {
        for (const line of await axe(page, options, part)) found.push(`${what}: ${line}`);
      };
      // The middle width has no colours of its own: they are looked at once.
      const isOnce = theme === "dark" && name !== "the example";
      for (const size of SIZES.filter(({ width }) => !isOnce || width !== 1024)) {
        await page.setViewportSize(size);
        const isNarrow = size.width < 500;
        const pane = (label) =>
          page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: label });
        if (isNarrow) {
          for (const label of [/^Rule/, /^Events/, /^Result/]) {
            await pane(label).click();
            await look(`${size.width} ${label}`);
          }
        } else {
          await look(`${size.width}`);
        }
        const tabs = page.getByRole("tab");
        for (let at = 1; at < (await tabs.count()); at += 1) {
          const tab = tabs.nth(at);
          await tab.click();
          await tab.and(page.locator("[aria-selected=true]")).waitFor();
          await page.locator("#result .list__bone").first().waitFor({ state: "detached" });
          // Only this part is another; the drawings of a timeline have thousands of parts.
          await look(`${size.width} ${await tab.innerText()}`, "#result");
        }
        await tabs.first().click();
      }
      assert.deepEqual(found, []);
    });
  }
}
