// Questions of an analyst, put to the page: rule and events of `tests/questions/why.toml` are pasted,
// and the answer is read after at most two clicks or keys, without scrolling.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { withBrowser } from "./support/page.mjs";
import { editor, paste } from "./support/user.mjs";

const browser = withBrowser();

const FILE = fileURLToPath(new URL("../questions/why.toml", import.meta.url));
const SCENARIOS = new Map(
  parse(readFileSync(FILE, "utf8")).scenario.map((scenario) => [scenario.name, scenario]),
);

const tab = (name) => (page) => page.getByRole("tab", { name }).click();
const press = (name) => (page) => page.getByRole("button", { name, exact: true }).click();
/** A row of the list, in the order of time. */
const row = (at) => (page) => page.getByRole("option").nth(at).click();
/** What the chosen event is called. */
const chosen = (id) => (page) => page.locator(".event-view__id").getByText(id, { exact: true });
/** At a node of the drawn tree, its number. */
const counted = (count, name) => (page) =>
  page
    .locator(".graph__part")
    .filter({ hasText: name })
    .locator(".graph__count, .graph__note")
    .getByText(String(count), { exact: true });

/**
 * By name of the scenario: what is done after the paste, what is read then. Texts are parts of the
 * scenario's answer; places are where a number or a name of it stands by itself.
 */
const ASKED = {
  "a value in other letters": {
    does: [],
    sees: [
      "Does not match: one clause stops it.",
      "Clause 2 fails: `process.name` is `OpenSSL`, which differs from `openssl` only in upper and lower case; here case counts.",
      "Without that clause this event would match.",
      "case_differs",
    ],
  },
  "an index that the rule does not search": {
    does: [],
    sees: [
      "Not searched: its index is outside the rule.",
      "This event is in `winlogbeat-8`; the rule searches only `logs-endpoint.events.*`.",
      "All that the condition asks holds: in a searched index it would match.",
    ],
  },
  "one test in two clauses": {
    does: [row(0)],
    sees: [
      "Does not match: one test stops it, in two clauses.",
      "Clauses 2 and 4 are the same test. Clause 2 fails: `process.name` is `ncat`, not `nc`. If it held, this event would match.",
    ],
  },
  "the nearest events of a rule that matches nothing": {
    does: [],
    sees: ["Does not match: one clause stops it.", "pattern_no_match"],
    places: [chosen("early")],
  },
  "a field by another name": {
    does: [],
    sees: [
      "2 of 2 candidates fail only at `process.parent.entity_idd == \"x1\"`.",
      "No event has `process.parent.entity_idd`; they have `process.parent.entity_id`.",
    ],
  },
  "where events drop out": {
    does: [tab("Tree"), press("So far")],
    sees: [],
    places: [
      counted(3, 'process.name == "nc"'),
      counted(2, /^\s*or/),
      counted(1, 'process.args == "-c"'),
      counted(1, "not user.name"),
    ],
  },
  "the next stage comes too late": {
    does: [tab("Timeline")],
    sees: ["expired: 2 s too late", "Event `f` came 12 s after the first one, 2 s over the 10 s allowed."],
  },
  "a start that a newer one replaces": {
    does: [row(0)],
    sees: [
      "Fits stage 1, but is part of no sequence.",
      "Event `p2` came to the same stage with the same key; only the newest is kept.",
    ],
  },
  "until ends it": {
    does: [tab("Timeline")],
    sees: ["ended by until event u", "Event `u` fits the `until` term and ended it."],
  },
  "an event that must not be there": {
    does: [],
    sees: ["Every stage was found, but an event came that fits stage 2, which must not happen."],
  },
  "what got furthest in a sequence": {
    does: [tab("Timeline")],
    sees: ["open: stage 3 never came"],
  },
  "a sample that lacks a filter": {
    does: [tab("Timeline"), press("n3")],
    sees: [
      "No event fits filter 1, `process where process.name == \"curl\"`, with `host.id` = `h3`.",
    ],
  },
  "a sample that never comes together": {
    does: [],
    sees: [
      "Every filter fits events, but no key has all of them: 2 of the 3 keys with 1 of 2 filters lack filter 2.",
    ],
  },
};

/** Waits until it is seen whole, where it stands. */
async function seen(place) {
  const shown = place.filter({ visible: true }).first();
  await shown.waitFor();
  const handle = await shown.elementHandle();
  await place.page().waitForFunction(
    (node) =>
      new Promise((done) => {
        const watch = new IntersectionObserver(([{ intersectionRatio }]) => {
          watch.disconnect();
          done(intersectionRatio > 0.9);
        });
        watch.observe(node);
      }),
    handle,
  );
}

for (const [name, { does, sees, places = [] }] of Object.entries(ASKED)) {
  const scenario = SCENARIOS.get(name);
  test(`${name}: ${scenario?.question}`, async (t) => {
    assert.ok(scenario, "the questions have no such scenario");
    assert.ok(does.length <= 2, "two clicks or keys");
    const expected = scenario.answer.join("\n");
    for (const words of sees) assert.ok(expected.includes(words), words);

    const { page, watch } = await browser.open(t);
    await page.getByRole("option").first().waitFor();
    await paste(page, editor(page, "Rule"), scenario.rule);
    await paste(page, editor(page, "Events"), scenario.events);
    const all = scenario.events.trim().split("\n").length;
    await page.getByRole("button", { name: `All ${all}`, exact: true }).waitFor();
    for (const step of does) await step(page);
    // Names of fields and values stand as code, without the backticks.
    for (const words of sees) await seen(page.getByText(words.replaceAll("`", "")));
    for (const place of places) await seen(place(page));
    watch.assertClean();
  });
}
