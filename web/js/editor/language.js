// Colours, by line and only for the lines on screen. Not a parser: the engine parses, this only
// sets words, texts and punctuation apart, in time that depends on the screen, not on the text.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

/** Of a longer line only the beginning is coloured. */
const LINE_CAP = 4_000;
/** A longer text is coloured as if no comment reached over a line end. */
const COMMENT_CAP = 1_000_000;

const KEYWORD = Decoration.mark({ class: "k" });
const STRING = Decoration.mark({ class: "s" });
const QUIET = Decoration.mark({ class: "o" });

const KEYWORDS = new Set(
  ["and by in in~ join like like~ not of or regex regex~", "sample sequence until where with"]
    .join(" ")
    .split(" "),
);

const EQL_TOKEN = new RegExp(
  [
    /"""[^]*?"""{1,3}|"(?:[^"\\]|\\.)*"?/, // raw text, text
    /`[^`]*`?/, // quoted name
    /\/\/.*|\/\*/, // comments
    /(?:in|like|regex)~|[A-Za-z_@]\w*(?:\.[A-Za-z_@]\w*)*|[0-9]\w*/, // words, fields, numbers
    /[-=!<>:+*%|?~.]+|[,()[\]{}/]/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"?(\s*:)?|[{}[\],:]/g;
const COMMENT_EDGE = /\/\*|\*\//g;

/**
 * Where, in a line that begins inside `depth` comments, the comments end, and how many are still
 * open at the line's end (block comments nest).
 * @param {string} text
 * @param {number} from
 * @param {number} depth
 */
function leaveComment(text, from, depth) {
  COMMENT_EDGE.lastIndex = from;
  for (let edge; depth > 0 && (edge = COMMENT_EDGE.exec(text)); ) {
    depth += edge[0] === "/*" ? 1 : -1;
    from = COMMENT_EDGE.lastIndex;
  }
  return { at: depth > 0 ? text.length : from, depth };
}

/**
 * One line of EQL.
 * @param {string} text
 * @param {number} depth open block comments before it
 * @param {(from: number, to: number, mark: Decoration) => void} emit
 * @returns {number} open block comments after it
 */
export function eqlLine(text, depth, emit) {
  let at = 0;
  if (depth > 0) {
    ({ at, depth } = leaveComment(text, 0, depth));
    emit(0, at, QUIET);
  }
  EQL_TOKEN.lastIndex = at;
  for (let token; (token = EQL_TOKEN.exec(text)); ) {
    const [word] = token;
    const from = token.index;
    const first = word[0];
    if (word === "/*") {
      ({ at, depth } = leaveComment(text, from + 2, 1));
      emit(from, at, QUIET);
      if (depth > 0) return depth;
      EQL_TOKEN.lastIndex = at;
    } else if (first === '"') emit(from, from + word.length, STRING);
    else if (KEYWORDS.has(word)) emit(from, from + word.length, KEYWORD);
    else if (!/[\w@`]/.test(first)) emit(from, from + word.length, QUIET);
  }
  return 0;
}

/**
 * One line of JSON: names stay plain, values that are texts do not.
 * @param {string} text
 * @param {(from: number, to: number, mark: Decoration) => void} emit
 */
export function jsonLine(text, emit) {
  JSON_TOKEN.lastIndex = 0;
  for (let token; (token = JSON_TOKEN.exec(text)); ) {
    const from = token.index;
    const to = from + token[0].length;
    if (token[0][0] !== '"') emit(from, to, QUIET);
    else if (token[1]) emit(to - 1, to, QUIET);
    else emit(from, to, STRING);
  }
}

/**
 * Open block comments before each line, or null where there are none.
 * @param {import("@codemirror/state").Text} doc
 */
function commentDepths(doc) {
  if (doc.length > COMMENT_CAP) return null;
  let depths = null;
  let depth = 0;
  let number = 0;
  for (const text of doc.iterLines()) {
    number += 1;
    if (depths) depths[number] = depth;
    if (depth === 0 && !text.includes("/*")) continue;
    depth = eqlLine(text, depth, () => {});
    if (depth > 0) depths ??= new Uint32Array(doc.lines + 1);
  }
  return depths;
}

class Colours {
  constructor(view, language) {
    this.language = language;
    this.depths = language === "eql" ? commentDepths(view.state.doc) : null;
    this.decorations = this.visible(view);
  }

  update(update) {
    if (update.docChanged && this.language === "eql") {
      this.depths = commentDepths(update.state.doc);
    }
    if (update.docChanged || update.viewportChanged) this.decorations = this.visible(update.view);
  }

  visible(view) {
    const builder = new RangeSetBuilder();
    const { doc } = view.state;
    let done = -1;
    for (const { from, to } of view.visibleRanges) {
      for (let pos = Math.max(from, done + 1); pos <= to; ) {
        const line = doc.lineAt(pos);
        const emit = (start, end, mark) => {
          if (end > start) builder.add(line.from + start, line.from + end, mark);
        };
        const text = line.length > LINE_CAP ? line.text.slice(0, LINE_CAP) : line.text;
        if (this.language === "eql") eqlLine(text, this.depths?.[line.number] ?? 0, emit);
        else jsonLine(text, emit);
        done = line.to;
        pos = line.to + 1;
      }
    }
    return builder.finish();
  }
}

/**
 * The colours of one language.
 * @param {"eql" | "json" | "text"} language
 */
export function colours(language) {
  if (language === "text") return [];
  return ViewPlugin.define((view) => new Colours(view, language), {
    decorations: (plugin) => plugin.decorations,
    provide: () => EditorView.editorAttributes.of({ "data-language": language }),
  });
}
