// What the rest of the page points at: the clause linked with the tree, the line of an event.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass } from "@codemirror/view";

export const setMarks = StateEffect.define();
export const setCurrentLine = StateEffect.define();

const MARKS = {
  sel: Decoration.mark({ class: "sel" }),
  linked: Decoration.mark({ class: "linked" }),
};

const marksField = StateField.define({
  create: () => Decoration.none,
  update(value, tr) {
    if (tr.docChanged) value = value.map(tr.changes);
    for (const effect of tr.effects) {
      if (!effect.is(setMarks)) continue;
      const end = tr.newDoc.length;
      const ranges = effect.value
        .map(({ from, to, kind }) => ({ from: Math.max(from, 0), to: Math.min(to, end), kind }))
        .filter(({ from, to, kind }) => from < to && kind in MARKS)
        .map(({ from, to, kind }) => MARKS[kind].range(from, to));
      value = Decoration.set(ranges, true);
    }
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const LINE = Decoration.line({ class: "cur" });
const GUTTER_LINE = new (class extends GutterMarker {
  elementClass = "cur";
})();

/** Start of the current line, or null. */
const currentField = StateField.define({
  create: () => null,
  update(value, tr) {
    if (tr.docChanged && value !== null) value = tr.newDoc.lineAt(tr.changes.mapPos(value, 1)).from;
    for (const effect of tr.effects) {
      if (!effect.is(setCurrentLine)) continue;
      const line = effect.value;
      value = line >= 1 && line <= tr.newDoc.lines ? tr.newDoc.line(line).from : null;
    }
    return value;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (at) =>
      at === null ? Decoration.none : Decoration.set(LINE.range(at)),
    ),
    gutterLineClass.from(field, (at) =>
      at === null ? RangeSet.empty : RangeSet.of(GUTTER_LINE.range(at)),
    ),
  ],
});

export const marks = [marksField, currentField];
