// The page as such: it starts, under its policy, asks for nothing more, and says so when it cannot.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { crashEngine, screenshot } from "./support/user.mjs";

const browser = withBrowser();

/** An answer of the engine, or "refused". */
const refused = (target) =>
  target.evaluate(() =>
    fetch("/index.html").then(
      () => "answered",
      () => "refused",
    ),
  );

test("the page loads without a violation, an error or a later request", async (t) => {
  const { page, watch, server } = await browser.open(t);
  assert.equal(await page.title(), "EQLens");
  assert.equal(new Set(server.requests).size, server.requests.length, "something was asked twice");
  await page.evaluate(() => globalThis.eqlens.spawnWorker().terminate());
  await screenshot(page, "shell");
  watch.assertClean();
});

test("the page works under a path of its own", async (t) => {
  const { watch } = await browser.open(t, { base: "/tools/eqlens/" });
  watch.assertClean();
});

test("after loading, page and worker can send nothing", async (t) => {
  const { page, watch } = await browser.open(t);
  const [worker] = await Promise.all([
    page.waitForEvent("worker"),
    page.evaluate(() => {
      globalThis.spawned = globalThis.eqlens.spawnWorker();
    }),
  ]);
  assert.equal(await refused(page), "refused");
  assert.equal(await refused(worker), "refused");
  assert.deepEqual(watch.requestsAfterLoad(), []);
});

test("a worker says ready, and a panic is its error event", async (t) => {
  const { page } = await browser.open(t);
  const spawned = page.waitForEvent("worker");
  const first = await page.evaluate(() => {
    globalThis.spawned = globalThis.eqlens.spawnWorker();
    return new Promise((resolve) => {
      globalThis.spawned.onmessage = ({ data }) => resolve(data);
    });
  });
  assert.equal(first, "ready");
  await spawned;
  const failed = page.evaluate(
    () =>
      new Promise((resolve) => {
        globalThis.spawned.onerror = (event) => {
          event.preventDefault();
          resolve(true);
        };
      }),
  );
  await crashEngine(page);
  assert.equal(await failed, true);
});

for (const theme of ["light", "dark"]) {
  test(`the ${theme} theme chosen before is there at once`, async (t) => {
    const { page } = await browser.open(t, {
      prepare: (context) =>
        context.addInitScript((chosen) => localStorage.setItem("eqlens.theme", chosen), theme),
    });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
  });
}

test("a host that does not know the type of the program is no obstacle", async (t) => {
  const change = (name, answer) => {
    if (name.endsWith(".pack") || name.endsWith(".wasm")) answer.type = "text/plain";
  };
  const { watch } = await browser.open(t, { change });
  watch.assertClean();
});

for (const name of ["boot-", "app-", ".pack", "unpack-", "editor-", "page-"]) {
  test(`a changed ${name} file is refused in words`, async (t) => {
    const change = (file, answer) => {
      if (file.includes(name)) answer.body = Buffer.concat([answer.body, Buffer.from("\n")]);
    };
    const { page } = await browser.open(t, { change, loads: false });
    const trouble = page.getByRole("alert").filter({ hasText: "could not start" });
    await trouble.waitFor();
    assert.match(await trouble.textContent(), /Reload the page/);
  });
}
