// What a person does with the page, and how it looks and reads to them.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const SHOTS = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * An editor's text field, by its name.
 * @param {import("playwright-core").Page} page
 */
export function editor(page, name) {
  return page.getByRole("textbox", { name, exact: true });
}

/**
 * Replaces all text of a field by a real paste from the clipboard.
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Locator} field
 */
export async function paste(page, field, text) {
  await page.bringToFront();
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  // No click: a long text may be scrolled, and then what stands before the lines is in its way.
  await field.focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("ControlOrMeta+V");
}

/**
 * Waits until a field holds the text, as a person reads it there.
 * @param {import("playwright-core").Locator} field
 */
export async function holds(field, expected) {
  const handle = await field.elementHandle();
  const isThere = ([field, expected]) => field.innerText.replace(/\n$/, "") === expected;
  await field.page().waitForFunction(isThere, [handle, expected]);
}

/**
 * Waits until the draft that the browser keeps has this text somewhere.
 * @param {import("playwright-core").Page} page
 */
export async function kept(page, text) {
  await page.waitForFunction((text) => {
    const draft = JSON.parse(localStorage.getItem("eqlens.draft") ?? "{}");
    return Object.values(draft).some((part) => typeof part === "string" && part.includes(text));
  }, text);
}

/**
 * What axe finds wrong, one line each; empty is good.
 * @param {import("playwright-core").Page} page
 * @param {object} [options] of `axe.run`
 * @param {string} [part] selector of the one part to look at
 */
export async function axe(page, options = {}, part = "html") {
  // A script element with this source would be refused by the page's policy.
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    await page.evaluate(await readFile(AXE, "utf8"));
  }
  const { violations } = await page.evaluate(
    ({ chosen, part }) => globalThis.axe.run(part === "html" ? document : part, chosen),
    // Only violations are read: passes need no list of their nodes.
    { chosen: { resultTypes: ["violations"], ...options }, part },
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.flat().join(" >> ")}`),
  );
}

/**
 * Keeps a picture under target/screenshots.
 * @param {import("playwright-core").Page} page
 */
export async function screenshot(page, name) {
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}${name}.png` });
}

/**
 * Makes the engine panic, truly: in its worker, and as an error nobody there catches.
 * @param {import("playwright-core").Page} page
 */
export async function crashEngine(page) {
  await page.workers().at(-1).evaluate("void setTimeout(() => crash())");
}

/** Waits until the page says so much: text of its own, not the end of another number. */
export const status = (page, text, timeout = 40_000) => {
  const plain = String(text).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const hasText = text instanceof RegExp ? text : new RegExp(`(^|\\D)${plain}`);
  return page.getByRole("status").filter({ hasText }).first().waitFor({ timeout });
};

/** Waits until the status says how many match. */
export const matches = (page, count) => status(page, `${count} match`);
