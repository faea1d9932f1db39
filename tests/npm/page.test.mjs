// The package in a page and in a worker, imported as it is: no bundler.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { check } from "./journey.mjs";
import { entry, journey, PACKAGE } from "./support.mjs";

const MAIN = `/eqlens/${entry("browser").pathname.split("/").pop()}`;
const MAKE = `
  import init, { Engine } from "${MAIN}";
  const journey = ${journey};
  export const answers = init().then(() => journey(Engine));`;

/** What the server has beside the package. */
const FILES = {
  "/": "<!doctype html><meta charset=utf-8><title>eqlens</title><script type=module src=page.js></script>",
  "/journey.js": MAKE,
  "/page.js": `import { answers } from "./journey.js"; globalThis.answers = answers;`,
  "/worker.js": `import { answers } from "./journey.js"; postMessage(await answers);`,
};
// wasm with no media type: some servers know none.
const TYPES = { ".js": "text/javascript", "": "text/html" };

let server;
let browser;
before(async () => {
  const executablePath = process.env.CHROME;
  assert.ok(executablePath, "no browser is named; run: cargo xtask test npm");
  server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const body =
      FILES[path] ?? (await readFile(join(PACKAGE, path.replace("/eqlens/", ""))).catch(() => null));
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(body === null ? 404 : 200, { "content-type": type });
    response.end(body ?? "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
});
after(async () => {
  await browser?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function open(t) {
  const page = await browser.newPage();
  t.after(() => page.close());
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return { page, errors };
}

test("the package works in a page", async (t) => {
  const { page, errors } = await open(t);
  check(await page.evaluate(() => globalThis.answers));
  assert.deepEqual(errors, []);
});

test("the package works in a worker", async (t) => {
  const { page, errors } = await open(t);
  const answers = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
      }),
  );
  check(answers);
  assert.deepEqual(errors, []);
});
