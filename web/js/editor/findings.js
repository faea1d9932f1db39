// Findings: a wavy line under the place, a card with the words and the fixes, and in the events
// editor a note below the line. All text becomes text nodes.

import { isolateHistory } from "@codemirror/commands";
import { EditorSelection, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  WidgetType,
  hoverTooltip,
  keymap,
  showTooltip,
} from "@codemirror/view";
import { icon } from "./icons.js";
import { element, prose, sentence } from "./words.js";

/** More notes than this would push the text apart more than they explain. */
const NOTE_CAP = 100;
const HOVER_MS = 250;
const OPEN_KEY = /^Mac|^iP/.test(navigator.platform) ? "⌘ ." : "Ctrl .";

export const setFindings = StateEffect.define();

class Note extends WidgetType {
  constructor(text, severity) {
    super();
    this.text = text;
    this.severity = severity;
  }

  eq(other) {
    return this.text === other.text && this.severity === other.severity;
  }

  toDOM() {
    const note = element("div", "note", prose(this.text));
    note.dataset.severity = this.severity;
    return note;
  }
}

/** Where there is nothing to underline. */
class Point extends WidgetType {
  constructor(severity) {
    super();
    this.severity = severity;
  }

  eq(other) {
    return this.severity === other.severity;
  }

  toDOM() {
    const point = element("span", "sq point", " ");
    point.dataset.severity = this.severity;
    return point;
  }
}

const SEVERITIES = ["error", "warning", "info"];
const severityOf = ({ severity }) => (SEVERITIES.includes(severity) ? severity : "info");

const UNDERLINES = Object.fromEntries(
  SEVERITIES.map((severity) => [
    severity,
    Decoration.mark({ class: "sq", attributes: { "data-severity": severity } }),
  ]),
);

function within(doc, { from, to }) {
  const start = Math.min(Math.max(from, 0), doc.length);
  return { from: start, to: Math.min(Math.max(to, start), doc.length) };
}

/** The range that is shown: an empty one takes a neighbour in its line, if there is one. */
function shown(doc, { from, to }) {
  if (from < to) return { from, to };
  const line = doc.lineAt(from);
  if (from < line.to) return { from, to: from + 1 };
  return { from: Math.max(from - 1, line.from), to };
}

const clamped = (doc, finding) => ({
  ...finding,
  ...within(doc, finding),
  fixes: (finding.fixes ?? []).map(({ edits, ...fix }) => ({
    ...fix,
    edits: edits.map((edit) => ({ text: edit.text, ...within(doc, edit) })),
  })),
});

function mapped(changes, finding) {
  const range = ({ from, to }) => {
    const start = changes.mapPos(from, 1);
    return { from: start, to: Math.max(start, changes.mapPos(to, -1)) };
  };
  return {
    ...finding,
    ...range(finding),
    fixes: finding.fixes.map(({ edits, ...fix }) => ({
      ...fix,
      edits: edits.map((edit) => ({ text: edit.text, ...range(edit) })),
    })),
  };
}

/** `typed` is a place in the line one is typing in, or -1: no note comes and goes below that line. */
function decorated(doc, findings, typed) {
  const marks = [];
  const notes = [];
  for (const finding of findings) {
    const severity = severityOf(finding);
    const { from, to } = shown(doc, finding);
    if (from < to) marks.push(UNDERLINES[severity].range(from, to));
    else marks.push(Decoration.widget({ widget: new Point(severity), side: 1 }).range(from));
    const line = doc.lineAt(from);
    const isTyped = line.from <= typed && typed <= line.to;
    if (finding.note && !isTyped && notes.length < NOTE_CAP) {
      const widget = new Note(finding.note, severity);
      notes.push(Decoration.widget({ widget, block: true, side: 1 }).range(line.to));
    }
  }
  return {
    findings,
    typed,
    marks: Decoration.set(marks, true),
    notes: Decoration.set(notes, true),
  };
}

const NONE = { findings: [], typed: -1, marks: Decoration.none, notes: Decoration.none };

const findingsField = StateField.define({
  create: () => NONE,
  update(value, tr) {
    let { findings, typed } = value;
    const { head } = tr.newSelection.main;
    if (tr.docChanged) {
      typed = tr.isUserEvent("input.type") || tr.isUserEvent("delete") ? head : -1;
    } else if (typed >= 0 && tr.newDoc.lineAt(typed).number !== tr.newDoc.lineAt(head).number) {
      typed = -1;
    }
    if (tr.docChanged && findings.length > 0) {
      findings = findings.map((finding) => mapped(tr.changes, finding));
    }
    for (const effect of tr.effects) {
      if (effect.is(setFindings)) {
        findings = effect.value.map((finding, id) => ({ id, ...clamped(tr.newDoc, finding) }));
      }
    }
    const isSame = findings === value.findings && typed === value.typed;
    return isSame ? value : decorated(tr.newDoc, findings, typed);
  },
  provide: (field) => [
    EditorView.decorations.from(field, (value) => value.marks),
    EditorView.decorations.from(field, (value) => value.notes),
  ],
});

function findingsAt(state, pos, side = 0) {
  return state.field(findingsField).findings.filter((finding) => {
    const { from, to } = shown(state.doc, finding);
    return from <= pos && pos <= to && !(pos === from && side < 0) && !(pos === to && side > 0);
  });
}

/** Longer lines are cut around the place that changes. */
const PREVIEW_CHARS = 52;

/** The line as a fix would leave it, where all of the fix is on one line. */
function preview(state, fix) {
  if (!fix || fix.isQuiet || fix.edits.length === 0) return null;
  const line = state.doc.lineAt(fix.edits[0].from);
  if (fix.edits.some(({ from, to, text }) => from < line.from || to > line.to || text.includes("\n"))) {
    return null;
  }
  const edits = [...fix.edits].sort((one, other) => other.from - one.from);
  let { text } = line;
  for (const { from, to, text: insert } of edits) {
    text = text.slice(0, from - line.from) + insert + text.slice(to - line.from);
  }
  // From a little before the first change on.
  const start = Math.max(0, edits[edits.length - 1].from - line.from - PREVIEW_CHARS / 2);
  const tail = text.slice(start).trimStart();
  const cut = tail.length > PREVIEW_CHARS ? `${tail.slice(0, PREVIEW_CHARS)}\u2026` : tail;
  return start > 0 && text.slice(0, start).trim() !== "" ? `\u2026${cut}` : cut;
}

/** Carries out a fix of a finding, wherever later edits have moved it. */
export function applyFix(view, id, index) {
  const finding = view.state.field(findingsField).findings.find((found) => found.id === id);
  const fix = finding?.fixes[index];
  if (!fix || view.state.readOnly) return;
  view.dispatch({
    changes: fix.edits.map(({ from, to, text }) => ({ from, to, insert: text })),
    effects: openCard.of(null),
    annotations: isolateHistory.of("full"),
    userEvent: "input.fix",
    scrollIntoView: true,
  });
  view.focus();
}

function entry(view, finding) {
  const title = element(
    "h3",
    "",
    icon(severityOf(finding)),
    element("span", "", prose(sentence(finding.message))),
    element("span", "code", finding.code),
  );
  const block = element("section", "", title);
  if (finding.why) block.append(element("p", "", prose(finding.why)));
  if (finding.help) block.append(element("p", "", prose(sentence(finding.help))));
  if (finding.holds) block.append(element("p", "quiet", prose(finding.holds)));
  const outcome = preview(view.state, finding.fixes[0]);
  if (outcome) block.append(element("pre", "outcome", `+ ${outcome}`));
  if (finding.fixes.length > 0 && !view.state.readOnly) {
    const row = element("div", "fixes");
    finding.fixes.forEach((fix, index) => {
      const isMain = index === 0 && !fix.isQuiet;
      const button = element("button", isMain ? "primary" : "", prose(fix.title));
      button.type = "button";
      button.onclick = () => applyFix(view, finding.id, index);
      row.append(button);
    });
    row.append(element("kbd", "", OPEN_KEY));
    block.append(row);
  }
  return block;
}

function cardDom(view, findings) {
  return element("div", "card", ...findings.map((finding) => entry(view, finding)));
}

const hoverCard = hoverTooltip(
  (view, pos, side) => {
    const findings = findingsAt(view.state, pos, side);
    if (findings.length === 0 || view.state.field(cardField)) return null;
    const ranges = findings.map((finding) => shown(view.state.doc, finding));
    return {
      pos: Math.max(...ranges.map(({ from }) => from)),
      end: Math.min(...ranges.map(({ to }) => to)),
      create: () => {
        const dom = cardDom(view, findings);
        dom.setAttribute("role", "tooltip");
        return { dom };
      },
    };
  },
  { hoverTime: HOVER_MS },
);

/** Opens the card at a position by keyboard, or closes it with null. */
const openCard = StateEffect.define();

const cardField = StateField.define({
  create: () => null,
  update(value, tr) {
    if (tr.docChanged || tr.effects.some((effect) => effect.is(setFindings))) value = null;
    for (const effect of tr.effects) if (effect.is(openCard)) value = effect.value;
    return value;
  },
  provide: (field) => showTooltip.from(field, (pos) => (pos === null ? null : openedCard(pos))),
});

function openedCard(pos) {
  return {
    pos,
    create(view) {
      const dom = cardDom(view, findingsAt(view.state, pos));
      dom.setAttribute("role", "dialog");
      dom.setAttribute("aria-label", "Finding");
      dom.tabIndex = -1;
      dom.onkeydown = (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        view.dispatch({ effects: openCard.of(null) });
        view.focus();
      };
      dom.onfocusout = ({ relatedTarget }) => {
        // Not while the card itself is being taken away.
        if (relatedTarget instanceof Node && dom.contains(relatedTarget)) return;
        queueMicrotask(() => {
          if (dom.isConnected) view.dispatch({ effects: openCard.of(null) });
        });
      };
      return { dom, mount: () => (dom.querySelector("button") ?? dom).focus() };
    },
  };
}

function openAtCursor(view) {
  const { head } = view.state.selection.main;
  const line = view.state.doc.lineAt(head);
  const near = view.state
    .field(findingsField)
    .findings.find(({ from }) => from >= line.from && from <= line.to);
  const pos = findingsAt(view.state, head).length > 0 ? head : near?.from;
  if (pos === undefined) return false;
  view.dispatch({ effects: openCard.of(pos) });
  return true;
}

const step = (direction) => (view) => {
  const { findings } = view.state.field(findingsField);
  if (findings.length === 0) return false;
  const { head } = view.state.selection.main;
  const inOrder = [...findings].sort((one, other) => (one.from - other.from) * direction);
  const next = inOrder.find(({ from }) => (from - head) * direction > 0) ?? inOrder[0];
  view.dispatch({
    selection: EditorSelection.cursor(next.from),
    effects: EditorView.announce.of(next.message),
    scrollIntoView: true,
    userEvent: "select",
  });
  return true;
};

export const findings = [
  findingsField,
  cardField,
  hoverCard,
  keymap.of([
    { key: "Mod-.", run: openAtCursor },
    { key: "F8", run: step(1), shift: step(-1) },
  ]),
];
