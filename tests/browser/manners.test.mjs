// How the page behaves: nothing moves while one types, every key and every control is reached, and
// what was chosen is there again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "./support/page.mjs";
import { editor, paste, screenshot, status } from "./support/user.mjs";

const browser = withBrowser();

const tab = (page, name) => page.getByRole("tab", { name });
const pane = (page, name) =>
  page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name });
const isOpen = (page, name) =>
  tab(page, name).and(page.locator("[aria-selected=true]")).waitFor();
/** Waits until the focus is on the part with this name; through shadow roots. */
const isFocused = (page, name) =>
  page.waitForFunction((name) => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return (at?.getAttribute("aria-label") ?? at?.textContent?.trim()) === name;
  }, name);

/** Some letters of a sentence may go to its next line; nothing that stands below may move. */
const MOST_SHIFT = 0.01;
/** What is typed at the end of which text, in which widths; each goes through texts that are broken. */
const TYPED = [
  ["Rule", [1440, 390], 'and user.name != "somebody" and (true )'],
  // No event has it: a headline comes.
  ["Rule", [1440, 1024], "and process.pid == 99999999"],
  ["Events", [1440, 390], '{"_id":"z","event":{"category":"process"}}'],
];

for (const [name, widths, typed] of TYPED) {
  for (const width of widths) {
    test(`nothing moves while one types ${typed}, ${width} px wide`, async (t) => {
      const { page } = await browser.open(t, { context: { viewport: { width, height: 900 } } });
      if (width < 500) await pane(page, new RegExp(`^${name}`)).click();
      else await status(page, "11 matches");
      await editor(page, name).focus();
      await page.keyboard.press("ControlOrMeta+End");
      // The first key brings the end of the text into view.
      await page.keyboard.type(name === "Rule" ? " " : "\n");
      // The page has settled once the panes have been in their places for a while.
      await page.waitForFunction((name) => {
        const { y } = document.querySelector(`.app__${name}`).getBoundingClientRect();
        globalThis.still = globalThis.lastY === y ? (globalThis.still ?? 0) + 1 : 0;
        globalThis.lastY = y;
        return globalThis.still > 30;
      }, name.toLowerCase());
      await page.evaluate(() => {
        globalThis.shift = 0;
        globalThis.moved = [];
        new PerformanceObserver((list) => {
          // What follows from a key counts here, too: a page that jumps at every key cannot be read.
          for (const { value, sources } of list.getEntries()) {
            globalThis.shift += value;
            for (const { node, previousRect, currentRect } of sources) {
              const name = node?.className ?? node?.nodeName ?? "";
              globalThis.moved.push(`${name} ${previousRect.y} ${previousRect.height} ${currentRect.y} ${currentRect.height}`);
            }
          }
        }).observe({ type: "layout-shift" });
      });
      for (const key of typed) {
        await page.keyboard.type(key);
        // Each key is answered before the next: every broken state on the way is seen.
        await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 60)));
      }
      await page.keyboard.press("Escape");
      await status(page, /match/);
      const { shift, moved } = await page.evaluate(() => ({
        shift: globalThis.shift,
        moved: globalThis.moved,
      }));
      t.diagnostic(`layout shift ${shift.toFixed(4)}`);
      assert.ok(shift < MOST_SHIFT, `${shift}\n${moved.slice(0, 20).join("\n")}`);
    });
  }
}

test("the open tab is open again after a reload", async (t) => {
  const { page } = await browser.open(t);
  await status(page, "11 matches");
  await tab(page, "Tree").click();
  await page.reload();
  await isOpen(page, "Tree");
});

test("a fragment that is no link is told, and dismissed", async (t) => {
  const { page, watch } = await browser.open(t, { hash: "#foo" });
  const notice = page.getByRole("status").filter({ hasText: "The address ends in #foo" });
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await notice.waitFor({ state: "detached" });
  await status(page, "11 matches");
  watch.assertClean();
});

test("many refused files leave three notices, the newest first, dismissed by one click", async (t) => {
  const { page } = await browser.open(t);
  await status(page, "11 matches");
  for (const name of ["one", "two", "three", "four"]) {
    await page.locator("[data-role=open-file]").setInputFiles({
      name: `${name}.zip`,
      mimeType: "application/zip",
      buffer: Buffer.from("PK\u0003\u0004\u0000\u0000"),
    });
    await page.getByText(`${name}.zip`).first().waitFor();
  }
  const notices = page.getByRole("alert").filter({ hasText: ".zip" });
  assert.equal(await notices.count(), 3);
  assert.match(await notices.first().innerText(), /four\.zip/);
  await page.getByRole("button", { name: "Dismiss all" }).click();
  await notices.first().waitFor({ state: "detached" });
});

test("a file is opened in a narrow window, too", async (t) => {
  const { page } = await browser.open(t, { context: { viewport: { width: 360, height: 740 } } });
  await pane(page, /^Result/).waitFor();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Examples" }).click();
  await page.getByRole("menuitem", { name: /^Open a file/ }).click();
  await chooser;
});

/** Keys and what is seen of them; each begins at the example, with the focus in the result. */
const KEYS = [
  ["Control+2", (page) => isOpen(page, "Tree")],
  ["Control+3", (page) => isOpen(page, "Timeline")],
  ["Control+1", (page) => isOpen(page, /^Matches/)],
  ["F6", (page) => isFocused(page, "Rule")],
  ["F6", (page) => isFocused(page, "Events")],
  ["Shift+F6", (page) => isFocused(page, "Rule")],
  ["Shift+F6", (page) => isFocused(page, "Result")],
  ["Home", (page) => chosen(page, "09:01:20.114")],
  ["ArrowDown", (page) => chosen(page, "09:02:00.030")],
  ["ArrowUp", (page) => chosen(page, "09:01:20.114")],
  ["End", (page) => chosen(page, "09:01:20.114", "detached")],
  ["Home", (page) => chosen(page, "09:01:20.114")],
  ["n", (page) => chosen(page, "09:02:00.030")],
  ["n", (page) => chosen(page, "09:03:29.480")],
  ["Shift+N", (page) => chosen(page, "09:02:00.030")],
  ["?", (page) => page.getByRole("dialog", { name: "Keyboard" }).waitFor()],
  ["Escape", (page) => page.getByRole("dialog").waitFor({ state: "detached" })],
  ["Control+Shift+S", (page) => page.getByRole("dialog", { name: /Share/ }).waitFor()],
  ["Escape", (page) => page.getByRole("dialog").waitFor({ state: "detached" })],
];

const chosen = (page, time, state = "visible") =>
  page.locator("[role=option][aria-selected=true]").filter({ hasText: time }).waitFor({ state });

test("every key of the list does what it says", async (t) => {
  const { page } = await browser.open(t);
  await status(page, "11 matches");
  await page.getByRole("listbox", { name: "Result" }).focus();
  for (const [key, isSeen] of KEYS) {
    await t.test(key, async () => {
      await page.keyboard.press(key);
      await isSeen(page);
    });
  }

  // Open: the browser's own dialog.
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Control+o");
  await chooser;

  // The outline, the timeline.
  await page.keyboard.press("Control+2");
  const outline = page.getByRole("tree", { name: "Outline" });
  await outline.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const before = await outline.getByRole("treeitem").count();
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(
    (before) => document.querySelectorAll("[role=treeitem]").length < before,
    before,
  );
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(
    (before) => document.querySelectorAll("[role=treeitem]").length === before,
    before,
  );

  // Problems, from outside and from within the editor, and the fixes at the cursor.
  await paste(page, editor(page, "Rule"), "process where process.name = 1 and user.name = 2");
  await page.getByRole("region", { name: "Problems" }).getByText(/E-/).first().waitFor();
  await page.getByRole("tab", { name: /^Matches/ }).focus();
  await page.keyboard.press("F8");
  await isFocused(page, "Rule");
  const caret = () =>
    page.evaluate(() => {
      const { shadowRoot } = document.querySelector(".editor[data-kind=rule]");
      const selection = shadowRoot.getSelection?.() ?? getSelection();
      const range = document.createRange();
      range.setStart(shadowRoot.querySelector(".cm-content"), 0);
      range.setEnd(selection.focusNode, selection.focusOffset);
      return range.toString().length;
    });
  // What the key does comes with the page's next drawing.
  const moved = async (isThere) => {
    for (let frame = 0; frame < 600; frame += 1) {
      const at = await caret();
      if (isThere(at)) return at;
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
    return assert.fail(`the cursor stays at ${await caret()}`);
  };
  const end = "process where process.name = 1 and user.name = 2".length;
  const first = await moved((at) => at < end);
  await page.keyboard.press("F8");
  await moved((at) => at !== first);
  await page.keyboard.press("Shift+F8");
  await moved((at) => at === first);
  await page.keyboard.press("Control+.");
  await page.locator(".editor[data-kind=rule] .card").first().waitFor();
});

test("the list of keys holds every key of the page", async (t) => {
  const { page } = await browser.open(t);
  await status(page, "11 matches");
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  const keys = await page.getByRole("dialog").locator("kbd").allInnerTexts();
  const all = ["F6", "Shift F6", "N", "Shift N", ".", ",", "W", "S", "A", "D", "F", "T", "Ctrl ."];
  for (const key of [...all, "F8", "Shift F8", "Ctrl O", "Ctrl Shift S", "?", "Esc", "Home", "End"]) {
    assert.ok(keys.includes(key), key);
  }
});

/** Goes round the page by Tab; of each stop, what is wrong with it. */
async function round(page) {
  await page.evaluate(() => document.activeElement?.blur());
  const seen = new Map();
  for (let at = 0; at < 150; at += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(async () => {
      const root = document.activeElement;
      if (!root || root === document.body) return null;
      let node = root;
      while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
      const box = node.getBoundingClientRect();
      const isSeen =
        box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 &&
        box.top < innerHeight && box.left < innerWidth;
      const style = getComputedStyle(node);
      // An editor has its line beside the text, not around it.
      const frame = node.closest(".cm-editor");
      const isMarked = () =>
        (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2) ||
        (frame !== null && getComputedStyle(frame).boxShadow !== "none");
      // An editor learns of its focus a moment later.
      for (let frame = 0; frame < 60 && !isMarked(); frame += 1) {
        await new Promise((done) => requestAnimationFrame(done));
      }
      const name =
        node.getAttribute("aria-label") ||
        (node.labels?.[0]?.textContent ?? "").trim() ||
        node.textContent.trim() ||
        node.title;
      node.dataset.stop ??= String(Math.random());
      const wrong = [!isSeen && "not seen", !isMarked() && "no outline", !name && "no name"];
      return {
        id: node.dataset.stop,
        what: `${node.tagName} ${node.className} ${name.slice(0, 30)}`,
        wrong: wrong.filter(Boolean).join(", "),
      };
    });
    // Between the last stop and the first the focus is with the browser itself.
    if (!stop) continue;
    if (seen.has(stop.id)) break;
    seen.set(stop.id, stop);
  }
  return [...seen.values()];
}

for (const width of [1440, 390]) {
  test(`every stop of the Tab key is seen, named and outlined, ${width} px wide`, async (t) => {
    const { page } = await browser.open(t, { context: { viewport: { width, height: 900 } } });
    if (width > 500) await status(page, "11 matches");
    else await page.getByRole("option").first().waitFor();
    for (const name of [/^Matches/, "Tree", "Timeline", "Rule"]) {
      await tab(page, name).click();
      await isOpen(page, name);
      const stops = await round(page);
      t.diagnostic(`${name}: ${stops.map((stop) => stop.what).join(" | ")}`);
      assert.ok(stops.length > 8, `${stops.length} stops`);
      const wrong = stops.filter((stop) => stop.wrong).map((stop) => `${stop.what}: ${stop.wrong}`);
      assert.deepEqual(wrong, [], String(name));
    }
  });
}

test("in a narrow window everything to be touched is large enough", async (t) => {
  const { page } = await browser.open(t, { context: { viewport: { width: 390, height: 844 } } });
  await page.getByRole("option").first().waitFor();
  const small = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("button, [role=tab], summary, input:not([hidden]), [role=option]")]
        .map((node) => ({ node, box: node.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && box.height > 0 && (box.height < 31.5 || box.width < 31.5))
        // A radio's label is touched with it; an event in a line of text has the line.
        .filter(({ node }) => node.type !== "radio" && !node.closest("p"))
        .map(({ node, box }) => `${node.className} ${node.textContent.trim().slice(0, 20)} ${Math.round(box.width)}x${Math.round(box.height)}`),
    );
  for (const [open, what] of [
    [() => pane(page, /^Rule/).click(), "rule"],
    [() => pane(page, /^Events/).click(), "events"],
    [() => page.getByRole("button", { name: "Table", exact: true }).click(), "table"],
    [() => pane(page, /^Result/).click(), "result"],
    [() => page.getByRole("option").first().click(), "detail"],
    [() => tab(page, "Tree").click(), "tree"],
    [() => tab(page, "Timeline").click(), "timeline"],
    [() => tab(page, "Rule").click(), "rule card"],
  ]) {
    await open();
    assert.deepEqual(await small(), [], what);
  }
});

test("with the text at twice its size, and 360 px wide, nothing is lost sideways", async (t) => {
  const { page } = await browser.open(t, { context: { viewport: { width: 720, height: 450 } } });
  for (const [width, height] of [[720, 450], [360, 740]]) {
    await page.setViewportSize({ width, height });
    for (const name of [/^Rule/, /^Events/, /^Result/]) {
      await pane(page, name).click();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${width} ${name}: ${wide} px too wide`);
      const out = await page.evaluate(() =>
        [...document.querySelectorAll(".toolbar button, .pane__head button, .switcher button")]
          .map((node) => [node.textContent, node.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5))
          .map(([text]) => text),
      );
      assert.deepEqual(out, [], `${width} px ${name}`);
    }
  }
  await screenshot(page, "narrow-360");
});

test("where the system chooses the colours, selection and verdicts are still told by lines", async (t) => {
  const { page } = await browser.open(t, { context: { forcedColors: "active", reducedMotion: "reduce" } });
  await status(page, "11 matches");
  const selected = page.locator("[role=option][aria-selected=true]");
  assert.equal(await selected.evaluate((node) => getComputedStyle(node).outlineStyle), "solid");
  const cell = (verdict) =>
    page
      .locator(`.strip__cell[data-verdict=${verdict}]`)
      .first()
      .evaluate((node) => getComputedStyle(node).backgroundColor);
  assert.notEqual(await cell("holds"), await cell("fails"));
  await screenshot(page, "forced-colors");
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0, "nothing moves");
});

test("on paper the result is whole", async (t) => {
  const { page } = await browser.open(t, { context: { colorScheme: "dark" } });
  await status(page, "11 matches");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".toolbar").isVisible(), false);
  assert.equal(await page.locator(".app__left").isVisible(), false);
  assert.ok(await page.getByRole("region", { name: "The selected event" }).isVisible());
  const dark = await page.evaluate(() => getComputedStyle(document.body).color);
  assert.equal(dark, "rgb(20, 24, 28)", "dark on light");
});
