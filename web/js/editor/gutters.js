// What stands before the lines: numbers, counts with meters, stages, verdicts.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { GutterMarker, gutter, lineNumbers } from "@codemirror/view";
import { icon } from "./icons.js";

function span(className, text = "") {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

/** How many events a clause holds for, and which part of all that is. */
class CountMarker extends GutterMarker {
  constructor({ text, share, title = "" }) {
    super();
    this.text = text;
    this.share = Math.min(Math.max(share, 0), 1) || 0;
    this.title = title;
  }

  eq(other) {
    return this.text === other.text && this.share === other.share && this.title === other.title;
  }

  toDOM() {
    const count = span("count");
    const meter = span("meter");
    const fill = document.createElement("i");
    fill.style.width = `${(this.share * 100).toFixed(1)}%`;
    meter.append(fill);
    count.title = this.title;
    count.append(span("number", this.text), meter);
    return count;
  }
}

/** The numbers of the stages of a sequence that begin on a line; a dashed frame where they must be missing. */
class StageMarker extends GutterMarker {
  constructor({ stage, stageTitle = "", stageMissing = false }) {
    super();
    this.stage = stage;
    this.title = stageTitle;
    this.isMissing = stageMissing;
  }

  eq(other) {
    return this.title === other.title && this.stage === other.stage;
  }

  toDOM() {
    const square = span("stage", this.stage);
    square.title = this.title;
    square.toggleAttribute("data-missing", this.isMissing);
    return square;
  }
}

export const setMargin = StateEffect.define();

const NO_MARGIN = { counts: RangeSet.empty, stages: RangeSet.empty };

const marginField = StateField.define({
  create: () => NO_MARGIN,
  update(value, tr) {
    if (tr.docChanged) {
      value = { counts: value.counts.map(tr.changes), stages: value.stages.map(tr.changes) };
    }
    for (const effect of tr.effects) {
      if (!effect.is(setMargin)) continue;
      const { lines } = tr.newDoc;
      const entries = effect.value.filter(({ line }) => line >= 1 && line <= lines);
      const markers = (shown, Marker) =>
        RangeSet.of(
          entries
            .filter((entry) => entry[shown])
            .map((entry) => new Marker(entry).range(tr.newDoc.line(entry.line).from)),
          true,
        );
      value = { counts: markers("text", CountMarker), stages: markers("stage", StageMarker) };
    }
    return value;
  },
});

/** Before a rule: line numbers, counts, stages. */
export const ruleGutters = [
  marginField,
  lineNumbers(),
  gutter({ class: "cm-margin", markers: (view) => view.state.field(marginField).counts }),
  gutter({ class: "cm-stages", markers: (view) => view.state.field(marginField).stages }),
];

const VERDICTS = ["none", "holds", "fails", "missing", "unsearched", "error"];

class VerdictMarker extends GutterMarker {
  constructor(verdict) {
    super();
    this.verdict = verdict;
  }

  toDOM() {
    return icon(this.verdict);
  }
}

/** By code; code 0 shows nothing. */
const VERDICT_MARKERS = VERDICTS.map((name, code) => (code === 0 ? null : new VerdictMarker(name)));

export const setGlyphs = StateEffect.define();

/**
 * A verdict a line.
 * @param {Uint8Array | { line: number, verdict: string }[]} glyphs
 */
function byLine(glyphs) {
  if (glyphs instanceof Uint8Array) return glyphs;
  const last = glyphs.reduce((most, { line }) => Math.max(most, line), 0);
  const verdicts = new Uint8Array(last);
  for (const { line, verdict } of glyphs) {
    if (line >= 1) verdicts[line - 1] = Math.max(VERDICTS.indexOf(verdict), 0);
  }
  return verdicts;
}

/** The verdicts, moved along with their lines. Costs something only where lines come or go. */
function moved(verdicts, tr) {
  const before = tr.startState.doc;
  const after = tr.newDoc;
  if (before.lines === after.lines || verdicts.length === 0) return verdicts;
  const next = new Uint8Array(after.lines);
  let old = 0;
  let now = 0;
  tr.changes.iterChangedRanges((fromA, toA, fromB, toB) => {
    const [firstA, lastA] = [before.lineAt(fromA).number, before.lineAt(toA).number];
    const [firstB, lastB] = [after.lineAt(fromB).number, after.lineAt(toB).number];
    if (firstA > old) next.set(verdicts.subarray(old, firstA), now);
    if (lastB > firstB) next[lastB - 1] = verdicts[lastA - 1] ?? 0;
    old = lastA;
    now = lastB;
  });
  next.set(verdicts.subarray(old, before.lines), now);
  return next;
}

const glyphField = StateField.define({
  create: () => new Uint8Array(0),
  update(value, tr) {
    if (tr.docChanged) value = moved(value, tr);
    for (const effect of tr.effects) if (effect.is(setGlyphs)) value = byLine(effect.value);
    return value;
  },
});

/**
 * Before events: line numbers and verdicts.
 * @param {(view: EditorView, pos: number) => void} onPick a verdict or number was clicked
 */
export function eventGutters(onPick) {
  const domEventHandlers = {
    mousedown(view, line, event) {
      if (event.button !== 0) return false;
      onPick(view, line.from);
      return true;
    },
  };
  return [
    glyphField,
    lineNumbers({ domEventHandlers }),
    gutter({
      class: "cm-glyphs",
      lineMarker(view, line) {
        const code = view.state.field(glyphField)[view.state.doc.lineAt(line.from).number - 1];
        return VERDICT_MARKERS[code ?? 0] ?? null;
      },
      lineMarkerChange: (update) =>
        update.startState.field(glyphField) !== update.state.field(glyphField),
      domEventHandlers,
    }),
  ];
}
