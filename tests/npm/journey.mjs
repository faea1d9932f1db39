// What must come of the journey, wherever it was made.

import assert from "node:assert/strict";

export function check(answers) {
  const { loaded, bytes, outcome, rows, explanation, scanned } = answers;
  assert.deepEqual([loaded.events, loaded.skipped, loaded.findings[0].span.line], [2, 1, 3]);
  assert.deepEqual(bytes, loaded, "text and bytes are the same events");
  assert.deepEqual([outcome.result.matches, outcome.result.verdicts], [1, ["holds", "fails"]]);
  assert.equal(outcome.rule.name, null);
  assert.deepEqual(
    rows.rows.map((row) => row.id),
    ["a", "b"],
  );
  assert.equal(explanation.nodes.at(-1).reason, "pattern_no_match");
  assert.equal(answers.nobody, null);
  assert.match(outcome.result.stopper.sentence, /^The one candidate fails only at `process\.name : /);
  assert.deepEqual(
    answers.nearest.events.map((event) => [event.id, event.distance, event.clauses[0].wanted]),
    [["b", 1, "a match of `cmd.exe`"]],
  );
  assert.ok(Array.isArray(answers.timeline.traces));
  assert.equal(answers.findings[0].code, "E-203");
  assert.equal(answers.refused.result, null);
  assert.deepEqual(
    scanned.map((rule) => [rule.count, rule.matches, rule.error?.code]),
    [
      [1, ["a"], undefined],
      [0, [], undefined],
      [null, [], "E-202"],
    ],
  );
  assert.equal(answers.mapping, null);
  for (const answer of answers.errors) {
    assert.equal(answer.error.kind, "input");
    assert.ok(answer.error.message.length > 10, answer.error.message);
  }
  assert.deepEqual([answers.notText.events, answers.notText.skipped], [0, 1]);
  assert.equal(answers.panic.error.kind, "panic");
  assert.match(answers.panic.error.message, /asked to/);
  assert.equal(answers.lost.error.kind, "lost");
  assert.equal(answers.again.events, 2);
  assert.equal(answers.recovered.result.matches, 1);
  assert.equal(answers.freed.error.kind, "input");
}
