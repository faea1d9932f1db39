// The events as a table: its columns, its keys, one selection with the rest of the page, and a
// hundred thousand rows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, paste, screenshot, status } from "./support/user.mjs";

const browser = withBrowser();

const table = (page) => page.getByRole("grid", { name: "Events" });
const selected = (page) => table(page).locator("[aria-selected=true]");
const view = (page, name) =>
  page.getByRole("group", { name: "Show" }).getByRole("button", { name, exact: true });

/** A file as if it were picked; made in the page, since it is too large for the protocol. */
const offer = (page, name, count) =>
  page.evaluate(
    ({ name, count }) => {
      const line = (at) => {
        const time = new Date(Date.UTC(2026, 0, 1) + ((at * 7919) % count) * 1000).toISOString();
        const port = at % 10 === 0 ? ',"port":null' : at % 10 === 1 ? "" : `,"port":[${at % 7},80]`;
        return `{"@timestamp":"${time}","event":{"category":"process"},"host":{"name":"h${at % 5}"},"process":{"name":"p${at}"}${port},"pad":"${"x".repeat(60)}"}\n`;
      };
      const parts = Array.from({ length: count }, (_, at) => line(at));
      const files = new DataTransfer();
      files.items.add(new File(parts, name));
      const input = document.querySelector("[data-role=open-file]");
      input.files = files.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },
    { name, count },
  );

test("the table shows what the rule reads, and selects with the rest of the page", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await view(page, "Table").click();
  const heads = table(page).getByRole("columnheader");
  await heads.filter({ hasText: "process.args" }).waitFor();
  assert.deepEqual(await heads.allInnerTexts(), [
    "# \u25b4",
    "Verdict",
    "Time",
    "Host",
    "event.category",
    "host.os.type",
    "event.type",
    "event.action",
    "process.name",
    "process.args",
    "process.parent.executable",
    "Summary",
  ]);
  await table(page).getByRole("img", { name: "missing" }).first().waitFor();
  // The near miss that is selected at first, also here.
  await selected(page).filter({ hasText: "timeout" }).waitFor();
  await table(page).focus();
  await page.keyboard.press("Home");
  await selected(page).filter({ hasText: /^1/ }).waitFor();
  await page.locator(".event-view__id").getByText("d01", { exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await selected(page).filter({ hasText: /^2/ }).waitFor();
  await page.keyboard.press("End");
  await selected(page).filter({ hasText: /^60/ }).waitFor();
  const active = await table(page).getAttribute("aria-activedescendant");
  assert.equal(active, await selected(page).getAttribute("id"));
  await page.keyboard.press("PageUp");
  await selected(page).filter({ hasText: /^60/ }).waitFor({ state: "detached" });

  await page.getByRole("button", { name: "In the order of time" }).click();
  await table(page).getByRole("columnheader", { name: "Time" }).and(page.locator("[aria-sort=ascending]")).waitFor();
  await table(page).focus();
  await page.keyboard.press("Home");
  const times = await table(page).locator("[aria-selected] > :nth-child(3)").allInnerTexts();
  assert.deepEqual(times, times.toSorted(), "in time order");

  // A click in the list on the right is seen here.
  const option = page.getByRole("option").nth(3);
  const time = await option.locator("time").innerText();
  await option.click();
  await selected(page).filter({ hasText: time }).waitFor();
  // Problems of the rule leave the table as it is, only grey.
  await screenshot(page, "table");
  assert.deepEqual(await axe(page), []);
  watch.assertClean();
});

test("null is told apart from missing, and several values from one", async (t) => {
  const { page } = await browser.open(t);
  await status(page, "11 matches");
  await paste(page, editor(page, "Rule"), "any where port == 80");
  await paste(
    page,
    editor(page, "Events"),
    '{"a":1,"port":null}\n{"a":2}\n{"a":3,"port":[1,80]}\n{"a":4,"port":"\u202e08"}',
  );
  await status(page, "1 match");
  await view(page, "Table").click();
  const port = (at) => table(page).locator(`[aria-rowindex="${at + 2}"] > :nth-child(5)`);
  await port(0).getByText("null", { exact: true }).waitFor();
  await port(1).getByRole("img", { name: "missing" }).waitFor();
  await port(2).getByText("1, 80", { exact: true }).waitFor();
  await port(3).getByText("\u27e8U+202E\u27e908", { exact: true }).waitFor();
});

test("a hundred thousand events open as a table that stays small and quick", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await paste(page, editor(page, "Rule"), "process where port == 80");
  await offer(page, "many.ndjson", 100_000);
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        globalThis.longest = Math.max(globalThis.longest, duration);
      }
    }).observe({ type: "longtask" });
  });
  await page.getByText(/NDJSON, 100,000 events/).first().waitFor({ timeout: 120_000 });
  await status(page, "80,000 matches", 120_000);
  t.diagnostic(`longest task ${Math.round(await page.evaluate(() => globalThis.longest))} ms`);
  assert.equal(await view(page, "Table").getAttribute("aria-pressed"), "true");
  assert.equal(await table(page).getAttribute("aria-rowcount"), "100001");
  await table(page).getByText("p3", { exact: true }).first().waitFor();
  const most = () => table(page).getByRole("row").count();
  assert.ok((await most()) < 80, `${await most()} rows`);

  // Scrolled by thousands, it catches up; and the document does not grow.
  for (const share of [0.25, 0.5, 0.75, 0.1]) {
    await table(page).evaluate((node, share) => {
      node.scrollTop = node.scrollHeight * share;
    }, share);
    await table(page).getByText(`p${100_000 * share}`, { exact: true }).first().waitFor();
    assert.ok((await most()) < 80, `${await most()} rows`);
  }
  await table(page).focus();
  await page.keyboard.press("End");
  await selected(page).filter({ hasText: "p99999" }).waitFor();
  await page.getByRole("button", { name: "In the order of time" }).click();
  await selected(page).filter({ hasText: "p99999" }).waitFor();
  await table(page).focus();
  await page.keyboard.press("Home");
  await selected(page).filter({ hasText: "00:00:00.000" }).waitFor();
  await page.keyboard.press("End");
  await selected(page).filter({ hasText: "p99999" }).waitFor({ state: "detached" });
  const frames = await table(page).evaluate(async (node) => {
    let longest = 0;
    let last = performance.now();
    for (let at = 0; at < 40; at += 1) {
      node.scrollTop = at * 480;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    return longest;
  });
  t.diagnostic(`longest frame while scrolling ${Math.round(frames)} ms`);
  assert.ok(frames < 500, `a frame of ${Math.round(frames)} ms`);
  watch.assertClean();
});

test("reading a large file can be stopped, and what was read stays", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await paste(page, editor(page, "Rule"), "process where true");
  await offer(page, "large.ndjson", 300_000);
  const banner = page.getByRole("status").filter({ hasText: /Reading events .*of .*events/ });
  await banner.waitFor({ timeout: 120_000 });
  await banner.getByRole("button", { name: "Cancel" }).click();
  const stopped = page.getByRole("status").filter({ hasText: "Reading was stopped." });
  await stopped.waitFor();
  await status(page, /[\d,]+ matches/, 120_000);
  const count = Number((await table(page).getAttribute("aria-rowcount")) ?? 0);
  assert.ok(count > 1_000 && count < 300_000, `${count} rows`);
  assert.deepEqual(await axe(page, { runOnly: ["color-contrast"] }, ".banners"), []);
  await stopped.getByRole("button", { name: "Read all" }).click();
  await status(page, "300,000 matches", 120_000);
  assert.equal(await editor(page, "Rule").innerText(), "process where true");
  watch.assertClean();
});
