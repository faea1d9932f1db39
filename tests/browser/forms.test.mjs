// Every form of rule on the page: events, sequences, samples; the examples; the mapping. Timelines
// have a file of their own. Only real input.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withBrowser } from "./support/page.mjs";
import { axe, editor, kept, paste, screenshot, status } from "./support/user.mjs";

const browser = withBrowser();

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const rule = (slug) => read(`../../rules/${slug}.toml`);
const events = (slug) => read(`../../rules/${slug}.events.ndjson`);

const tab = (page, name) => page.getByRole("tab", { name });

/** Opens one of the shipped examples by the menu. */
async function example(page, name) {
  await page.getByRole("button", { name: "Examples" }).click();
  await page.getByRole("menu", { name: "Examples" }).getByRole("menuitem", { name }).click();
}

test("an example never takes the place of a draft for good", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await editor(page, "Rule").click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText('process where process.name == "mine"');
  await kept(page, '"mine"');
  await example(page, /systemd/);
  await status(page, "5 sequences match");
  await page.getByText("This is the example.").waitFor();
  // Typing in the example makes a draft of it, and the old one stays within reach, over a reload.
  await editor(page, "Rule").click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(" ");
  await kept(page, "systemd");
  await page.reload();
  await page.evaluate(() => globalThis.eqlens.whenSealed());
  await status(page, "5 sequences match");
  await example(page, /Your draft/);
  await page.waitForFunction(() => !document.body.textContent.includes("sequences match"));
  assert.equal(await editor(page, "Rule").innerText(), 'process where process.name == "mine"');
  // What the editor was told by others is not undone.
  await editor(page, "Rule").click();
  await page.keyboard.press("ControlOrMeta+Z");
  assert.equal(await editor(page, "Rule").innerText(), 'process where process.name == "mine"');
  assert.deepEqual(watch.violations, []);
});

test("a mapping changes a verdict, is kept, and says where it is broken", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  await paste(page, editor(page, "Rule"), "process where port > 5");
  await paste(page, editor(page, "Events"), '{"event":{"category":"process"},"port":443}');
  await status(page, "1 match");
  await page.getByRole("button", { name: "Mapping" }).click();
  await page.getByText("No mapping: types come from ECS").waitFor();
  await paste(page, editor(page, "Mapping"), '{"properties":{"port":{"type":"keyword"}}}');
  await status(page, "0 matches");
  await page.getByText("Types come from the mapping: 1 field").waitFor();
  await kept(page, '"keyword"');
  await page.reload();
  await page.evaluate(() => globalThis.eqlens.whenSealed());
  await status(page, "0 matches");
  await page.getByRole("button", { name: "Mapping" }).click();
  await paste(page, editor(page, "Mapping"), '{"properties":\n{"port": oops}}');
  const problems = page.getByRole("region", { name: "Problems" });
  await problems.getByText("D-104").waitFor();
  await problems.getByText("mapping 2:10").waitFor();
  await status(page, "1 match");
  assert.deepEqual(watch.violations, []);
});

/** Documents as they are found in the wild, and what comes of them with the events at hand. */
const SEEDS = fileURLToPath(new URL("../../../shared/seeds/", import.meta.url));
const WILD = [
  ["000", "openssl_client_or_server", "11 matches"],
  ["001", "openssh_backdoor_logging", "13 matches"],
  ["002", "systemd_network_connection", "5 sequences match"],
  ["003", "unix_socket_connection", "13 matches"],
  ["004", "udp_reverse_shell", "6 samples match"],
];
for (const [number, slug, found] of WILD) {
  const skip = existsSync(SEEDS) ? false : "the documents are not at hand";
  test(`document ${number} runs as it was found: ${found}`, { skip }, async (t) => {
    const { page, watch } = await browser.open(t);
    await status(page, "11 matches");
    const name = readdirSync(SEEDS).find((name) => name.startsWith(number));
    await paste(page, editor(page, "Rule"), readFileSync(SEEDS + name, "utf8"));
    await paste(page, editor(page, "Events"), events(slug));
    await status(page, found);
    await page.getByRole("option").first().click();
    await page.getByRole("heading", { name: /match|part of/i }).first().waitFor();
    await tab(page, "Tree").click();
    const outline = page.getByRole("tree", { name: "Outline of the condition" });
    assert.ok((await outline.getByRole("treeitem").count()) > 3);
    await tab(page, "Timeline").click();
    await page.locator(".timeline__summary").waitFor();
    watch.assertClean();
  });
}

for (const theme of ["light", "dark"]) {
  test(`every form fits at every width, ${theme}`, async (t) => {
    const { page } = await browser.open(t, { context: { colorScheme: theme } });
    await status(page, "11 matches");
    for (const [name, found] of [[/systemd/, "5 seq"], [/UDP/, "6 samples"], [/OpenSSL/, "11 match"]]) {
      await example(page, name);
      await status(page, found);
      for (const width of [1440, 1024, 390]) {
        await page.setViewportSize({ width, height: 900 });
        for (const view of ["Tree", "Matches"]) {
          await tab(page, view).click();
          await tab(page, view).and(page.locator("[aria-selected=true]")).waitFor();
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${view} ${width}: ${wide} px too wide`);
          await screenshot(page, `${view}-${found.split(" ")[1]}-${theme}-${width}`.toLowerCase());
        }
      }
    }
  });
}

test("one undo takes a pasted document back, and redo brings it again", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  const field = editor(page, "Rule");
  await paste(page, field, "any where true");
  await status(page, "60 matches");
  await paste(page, field, rule("systemd_network_connection"));
  const name = page.locator("[data-pane=rule]").getByText(/systemd/i).first();
  await name.waitFor();
  assert.match(await field.innerText(), /^sequence/, "the document opens as its query");
  await page.keyboard.press("ControlOrMeta+Z");
  await status(page, "60 matches");
  assert.equal(await field.innerText(), "any where true");
  await page.keyboard.press("ControlOrMeta+Shift+Z");
  await name.waitFor();
  assert.match(await field.innerText(), /^sequence/);
  watch.assertClean();
});

test("a query emptied and pasted back is still that of its document", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  const field = editor(page, "Rule");
  const query = await field.innerText();
  await page.getByRole("group", { name: "Show" }).first().getByRole("button", { name: "EQL" }).waitFor();
  await field.focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.getByRole("region", { name: "Problems" }).waitFor();
  await paste(page, field, query);
  await status(page, "11 matches");
  await page.getByRole("tab", { name: "Rule" }).click();
  await page.getByRole("heading", { name: "Openssl Client or Server Activity" }).waitFor();
  watch.assertClean();
});

test("keys move, select and delete as they do elsewhere", async (t) => {
  const { page } = await browser.open(t);
  await status(page, "11 matches");
  const field = editor(page, "Rule");
  await paste(page, field, "any where true");
  const lines = () => field.locator(".cm-line").allTextContents();
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press("Home", "Control+ArrowRight", "Shift+End", "Delete");
  assert.equal((await lines()).join("\n"), "any");
  await press("Enter", "Space", "Space", "b", "Enter", "c");
  assert.equal((await lines()).join("\n"), "any\n  b\n  c", "a new line keeps the indentation");
  await press("Alt+ArrowUp");
  assert.equal((await lines()).join("\n"), "any\n  c\n  b");
  await press("Shift+Alt+ArrowDown", "Control+Shift+k");
  assert.equal((await lines()).join("\n"), "any\n  c\n  b");
  await press("Control+Home", "Control+Delete", "Control+End", "Control+Backspace");
  assert.equal((await lines()).join("\n"), "\n  c\n  ");
  await press("Control+a", "Backspace", "Control+z");
  assert.equal((await lines()).join("\n"), "\n  c\n  ");
});

test("the Rule tab tells what the document says, and what is only taken for granted", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  const document = `[metadata]
maturity = "production"
min_stack_version = "8.13.0"
[rule]
name = "A rule"
language = "eql"
type = "eql"
query = "any where true"
timestamp_override = "event.ingested"
setup = "## Setup\\n\\nInstall **Elastic Defend**.\\n\\n- first\\n- <b>second</b>"
note = "## Triage\\n\\n\\u0060\\u0060\\u0060\\nps aux\\n\\u0060\\u0060\\u0060\\n[x](javascript:alert(1))"
[[rule.threat]]
framework = "MITRE ATT&CK"
tactic = { id = "TA0002", name = "Execution", reference = "https://example.org" }
[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
reference = "https://example.org"
[[rule.threat.technique.subtechnique]]
id = "T1059.004"
name = "Unix Shell"
reference = "https://example.org"
`;
  await paste(page, editor(page, "Rule"), document);
  await status(page, "60 matches");
  await tab(page, "Rule").click();
  const card = page.getByRole("region", { name: "About the rule" });
  await card.getByText("event.ingested").waitFor();
  await card.getByText("8.13.0").waitFor();
  assert.equal(await card.getByText("every 5m default").count(), 1);
  const nested = card.locator("li li li");
  assert.match(await nested.innerText(), /Unix Shell\s*T1059\.004/);
  await card.getByRole("heading", { name: "Triage" }).waitFor();
  assert.equal(await card.locator("pre").innerText(), "ps aux");
  await card.getByText("<b>second</b>").waitFor();
  assert.equal(await card.locator("b, a").count(), 0);
  assert.deepEqual(await axe(page), []);
  await screenshot(page, "rule-card");
  watch.assertClean();
});

test("the share dialog says that a mapping stays behind", async (t) => {
  const { page, watch } = await browser.open(t);
  await status(page, "11 matches");
  const share = page.getByRole("button", { name: "Share" });
  await share.click();
  await page.getByRole("dialog").waitFor();
  assert.equal(await page.getByText(/mapping stays behind/).count(), 0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Mapping" }).click();
  await paste(page, editor(page, "Mapping"), '{"properties":{"process.pid":{"type":"long"}}}');
  await page.getByText(/1 field/).first().waitFor();
  await share.click();
  await page.getByText(/mapping stays behind/).waitFor();
  watch.assertClean();
});
