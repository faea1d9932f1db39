// Opens the page in a browser of its own making, and watches what it must not do.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser of a test file: started before its first test, closed after its last. */
export function withBrowser() {
  let browser;
  before(async () => {
    const executablePath = process.env.CHROME;
    assert.ok(executablePath, "no browser is named; run: cargo xtask test browser");
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  after(() => browser?.close());
  return {
    /**
     * Opens the page in a fresh context, and waits until everything is loaded.
     * @param {import("node:test").TestContext} t closes it all when the test ends
     * @param {object} [options]
     * @param {string} [options.base] path the page lives under
     * @param {string} [options.hash] fragment, with its `#`
     * @param {Function} [options.change] see `serve`
     * @param {object} [options.context] further options of the browser context
     * @param {(context: import("playwright-core").BrowserContext) => Promise<void>}
     *   [options.prepare] runs before the page opens, for example to fill its storage
     * @param {boolean} [options.loads] false: the page is expected not to start
     */
    async open(t, { base, hash = "", change, context: more, prepare, loads = true } = {}) {
      const server = await serve({ base, change });
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        ...more,
      });
      t.after(async () => {
        await context.close();
        await server.close();
      });
      const { origin } = new URL(server.url);
      await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
      await prepare?.(context);
      const page = await context.newPage();
      // A machine that runs this may be several times slower than the one it was written on.
      page.setDefaultTimeout(40_000);
      const watch = await watched(page, server);
      await page.goto(server.url + hash);
      if (loads) {
        await page.evaluate(() => globalThis.eqlens.whenSealed());
        watch.markLoaded();
      }
      return { page, context, server, watch };
    },
  };
}

/** Collects what a sound page never does. */
async function watched(page, server) {
  const violations = [];
  const errors = [];
  const requests = [];
  let loaded = Infinity;
  let served = Infinity;

  await page.exposeBinding("reportViolation", (_, violation) => violations.push(violation));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
      globalThis.reportViolation(
        `${violatedDirective}: ${blockedURI} (${sourceFile ?? ""}:${lineNumber})`,
      );
    });
  });
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  // Those of workers are among them. A blob never leaves the browser.
  page.on("request", (request) => {
    if (/^https?:/.test(request.url())) requests.push(`${request.method()} ${request.url()}`);
  });

  return {
    violations,
    errors,
    markLoaded() {
      loaded = requests.length;
      served = server.requests.length;
    },
    /** By the browser's word and by the server's. */
    requestsAfterLoad: () => [...requests.slice(loaded), ...server.requests.slice(served)],
    /** No violation, no error, no request since everything was loaded. */
    assertClean() {
      assert.deepEqual(violations, [], "policy violations");
      assert.deepEqual(errors, [], "errors in the console");
      assert.deepEqual(this.requestsAfterLoad(), [], "requests after load");
    },
  };
}
