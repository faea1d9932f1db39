// The text editor of the page. Its interface is described in README.md one folder up.

import { history, redo, undo } from "@codemirror/commands";
import { search } from "@codemirror/search";
import { Annotation, Compartment, EditorSelection, EditorState, Transaction } from "@codemirror/state";
import { EditorView, highlightSpecialChars, placeholder } from "@codemirror/view";
import { assist } from "./assist.js";
import css from "./editor.css";
import { applyFix, findings, setFindings } from "./findings.js";
import { eventGutters, ruleGutters, setGlyphs, setMargin } from "./gutters.js";
import { indentRules, wrapping } from "./indent.js";
import { keys } from "./keys.js";
import { colours } from "./language.js";
import { marks, setCurrentLine, setMarks } from "./marks.js";
import { hoverOffsets } from "./pointer.js";

/** The one sheet of all editors; a shadow root takes no `<style>` under the page's policy. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(`${css}\n${indentRules}`);

/** Marks what the page did itself, so that it is not told of it. */
const programmatic = Annotation.define();
const isByUser = (tr) => !tr.annotation(programmatic);

/** Tells the page what the user did. */
function reports({ onChange, onCursor, onFocusLine }) {
  return EditorView.updateListener.of(({ startState, state, transactions }) => {
    if (!transactions.some(isByUser)) return;
    if (transactions.some((tr) => tr.docChanged && isByUser(tr))) onChange?.(state.doc.toString());
    const before = startState.selection.main.head;
    const { head } = state.selection.main;
    if (head === before) return;
    onCursor?.(head);
    const line = state.doc.lineAt(head).number;
    if (line !== startState.doc.lineAt(before).number) onFocusLine?.(line);
  });
}

/** Texts longer than this together are not compared: that would take longer than a frame. */
const COMPARE_CAP = 1_000_000;

/** The smallest single change that makes one text of another; leaves cursor and scroll alone. */
function difference(before, after) {
  if (before.length + after.length > COMPARE_CAP) {
    return { from: 0, to: before.length, insert: after };
  }
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from += 1;
  let tail = 0;
  while (
    tail < shorter - from &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail += 1;
  }
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}

/** What a text that lies within another leaves out of it; null where it does not. */
function around(before, after) {
  const at = after === "" ? -1 : before.indexOf(after);
  if (at < 0) return null;
  return [
    { from: 0, to: at },
    { from: at + after.length, to: before.length },
  ];
}

/** What turns the direction of a text and is not among CodeMirror's own special characters. */
const TURNING = /[\u202a-\u202c\u2068]/g;

/** A character that would not be seen, by its number, as in the rest of the page. */
function named(code) {
  const mark = document.createElement("span");
  mark.className = "special";
  mark.textContent = `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
  return mark;
}

const withoutReturns = (text) => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);

export function createEditor(host, options) {
  const isRule = options.kind === "rule";
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  const frame = document.createElement("div");
  frame.className = "frame";
  frame.dataset.kind = options.kind;
  root.replaceChildren(frame);

  const [helpers, help] = options.onAsk ? assist(options.onAsk) : [[]];
  const language = new Compartment();
  const reading = new Compartment();
  // What a fresh state begins with; the handle keeps it up to date.
  const now = { language: isRule ? "eql" : "text", readOnly: false };

  // Whether a paste is the last the user did, and the page has not answered it by another text.
  let isPasted = false;

  const readOnly = () => [
    EditorState.readOnly.of(now.readOnly),
    EditorView.contentAttributes.of(now.readOnly ? { "aria-readonly": "true" } : {}),
  ];
  const pick = (view, pos) => {
    const before = view.state.selection.main.head;
    view.dispatch({ selection: EditorSelection.cursor(pos), userEvent: "select.pointer" });
    // The same line again is a click on it all the same.
    const line = view.state.doc.lineAt(pos).number;
    if (view.state.doc.lineAt(before).number === line) options.onFocusLine?.(line);
    view.focus();
  };

  const extensions = () => [
    isRule ? ruleGutters : eventGutters(pick),
    history(),
    search({ top: true }),
    helpers,
    keys,
    // Editable text takes the focus as it is; the tab stop says so to whoever reads attributes.
    EditorView.contentAttributes.of({
      "aria-label": options.label,
      "aria-multiline": "true",
      tabindex: "0",
    }),
    options.placeholder ? placeholder(options.placeholder) : [],
    language.of(colours(now.language)),
    isRule ? wrapping : [],
    reading.of(readOnly()),
    findings,
    marks,
    highlightSpecialChars({ render: named, addSpecialChars: TURNING }),
    EditorView.updateListener.of(({ transactions }) => {
      for (const tr of transactions) {
        if (tr.docChanged && isByUser(tr)) isPasted = tr.isUserEvent("input.paste");
      }
    }),
    reports(options),
    options.onHover ? hoverOffsets(options.onHover) : [],
    // Files dropped here are the page's business: they may be large, or compressed.
    EditorView.domEventHandlers({
      drop: (event) => (event.dataTransfer?.files.length ?? 0) > 0,
    }),
  ];
  const fresh = (doc) => EditorState.create({ doc, extensions: extensions() });

  const view = new EditorView({ state: fresh(options.doc ?? ""), parent: frame, root });
  const tell = (effect) => view.dispatch({ effects: effect, annotations: programmatic.of(true) });

  return Object.freeze({
    getDoc: () => view.state.doc.toString(),
    setDoc(text, { keepHistory = false } = {}) {
      const after = withoutReturns(text);
      if (!keepHistory) {
        view.setState(fresh(after));
        return;
      }
      const before = view.state.doc.toString();
      if (before === after) return;
      // A pasted document of which the page shows a part: one undo takes both back.
      const part = isPasted ? around(before, after) : null;
      isPasted = false;
      view.dispatch({
        changes: part ?? difference(before, after),
        annotations: [programmatic.of(true), ...(part ? [Transaction.addToHistory.of(false)] : [])],
        userEvent: "input.replace",
      });
    },
    setLanguage(name) {
      now.language = name;
      tell(language.reconfigure(colours(name)));
    },
    setFindings: (list) => tell(setFindings.of(list)),
    setMargin(entries) {
      if (isRule) tell(setMargin.of(entries));
    },
    setGlyphs(verdicts) {
      if (!isRule) tell(setGlyphs.of(verdicts));
    },
    setMarks: (list) => tell(setMarks.of(list)),
    setCurrentLine: (line) => tell(setCurrentLine.of(line)),
    applyFix: (id, index) => applyFix(view, id, index),
    answer: (answer) => help?.(view, answer),
    reveal(from, to, { cursor = false } = {}) {
      const end = view.state.doc.length;
      const [start, stop] = [from, to].map((offset) => Math.min(Math.max(offset, 0), end));
      view.dispatch({
        selection: cursor ? EditorSelection.cursor(start) : undefined,
        effects: EditorView.scrollIntoView(EditorSelection.range(stop, start), { yMargin: 40 }),
        annotations: programmatic.of(true),
      });
    },
    setStale: (stale) => frame.toggleAttribute("data-stale", stale),
    setReadOnly(value) {
      now.readOnly = value;
      tell(reading.reconfigure(readOnly()));
    },
    focus: () => view.focus(),
    undo: () => undo(view),
    redo: () => redo(view),
    destroy() {
      view.destroy();
      root.replaceChildren();
    },
  });
}
