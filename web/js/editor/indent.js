// Lines that wrap go on a little deeper than they begin.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

/** Deeper lines go on here. */
const DEEPEST = 24;

/** By the columns a line is indented. A style of its own would be refused by the page's policy. */
const LINES = Array.from({ length: DEEPEST + 1 }, (_, columns) =>
  Decoration.line({ attributes: { "data-indent": String(columns) } }),
);

/** The rules for them, for the editors' sheet. */
export const indentRules = LINES.map((_, columns) => {
  const depth = `${columns + 2}ch`;
  return `.cm-lineWrapping .cm-line[data-indent="${columns}"] { padding-left: ${depth}; text-indent: -${depth}; }`;
}).join("\n");

function visible(view) {
  const builder = new RangeSetBuilder();
  let done = -1;
  for (const { from, to } of view.visibleRanges) {
    for (let at = Math.max(from, done + 1); at <= to; ) {
      const line = view.state.doc.lineAt(at);
      const [blank] = /^[ \t]*/.exec(line.text.slice(0, DEEPEST));
      const columns = blank.replaceAll("\t", "    ").length;
      builder.add(line.from, line.from, LINES[Math.min(columns, DEEPEST)]);
      done = line.to;
      at = line.to + 1;
    }
  }
  return builder.finish();
}

/** Lines that wrap, indented. */
export const wrapping = [
  EditorView.lineWrapping,
  ViewPlugin.define(
    (view) => ({
      decorations: visible(view),
      update(update) {
        if (update.docChanged || update.viewportChanged) this.decorations = visible(update.view);
      },
    }),
    { decorations: (plugin) => plugin.decorations },
  ),
];
