// The keys of the editor: those of the platform and of CodeMirror's own keymap, command by
// command. Its ready-made keymap would bring a parser framework along for a few commands that
// have no meaning without one. Tab is not here: it moves the focus.

import {
  addCursorAbove,
  addCursorBelow,
  copyLineDown,
  copyLineUp,
  cursorCharLeft,
  cursorCharRight,
  cursorDocEnd,
  cursorDocStart,
  cursorGroupLeft,
  cursorGroupRight,
  cursorLineBoundaryBackward,
  cursorLineBoundaryForward,
  cursorLineBoundaryLeft,
  cursorLineBoundaryRight,
  cursorLineDown,
  cursorLineEnd,
  cursorLineStart,
  cursorLineUp,
  cursorPageDown,
  cursorPageUp,
  deleteCharBackward,
  deleteCharForward,
  deleteGroupBackward,
  deleteGroupForward,
  deleteLine,
  deleteLineBoundaryBackward,
  deleteLineBoundaryForward,
  deleteToLineEnd,
  historyKeymap,
  insertNewlineKeepIndent,
  moveLineDown,
  moveLineUp,
  selectAll,
  selectCharLeft,
  selectCharRight,
  selectDocEnd,
  selectDocStart,
  selectGroupLeft,
  selectGroupRight,
  selectLine,
  selectLineBoundaryBackward,
  selectLineBoundaryForward,
  selectLineBoundaryLeft,
  selectLineBoundaryRight,
  selectLineDown,
  selectLineEnd,
  selectLineStart,
  selectLineUp,
  selectPageDown,
  selectPageUp,
  simplifySelection,
  splitLine,
  transposeChars,
} from "@codemirror/commands";
import { searchKeymap } from "@codemirror/search";
import { keymap } from "@codemirror/view";

/** One key, or `[other systems, macOS]`; null where a system has no such key. */
const bind = (keys, run, rest = {}) => {
  const [key, mac] = Array.isArray(keys) ? keys : [keys, keys];
  return { ...(key && { key }), ...(mac && { mac }), run, ...rest };
};
/** A movement; with Shift it selects. */
const move = (keys, run, shift) => bind(keys, run, { shift, preventDefault: true });
/** The browser's own answer to the key is never wanted, even where there is nothing to delete. */
const erase = (keys, run, rest) => bind(keys, run, { preventDefault: true, ...rest });

const MOVEMENT = [
  move("ArrowLeft", cursorCharLeft, selectCharLeft),
  move("ArrowRight", cursorCharRight, selectCharRight),
  move(["Ctrl-ArrowLeft", "Alt-ArrowLeft"], cursorGroupLeft, selectGroupLeft),
  move(["Ctrl-ArrowRight", "Alt-ArrowRight"], cursorGroupRight, selectGroupRight),
  move([null, "Cmd-ArrowLeft"], cursorLineBoundaryLeft, selectLineBoundaryLeft),
  move([null, "Cmd-ArrowRight"], cursorLineBoundaryRight, selectLineBoundaryRight),
  move("ArrowUp", cursorLineUp, selectLineUp),
  move("ArrowDown", cursorLineDown, selectLineDown),
  move([null, "Cmd-ArrowUp"], cursorDocStart, selectDocStart),
  move([null, "Cmd-ArrowDown"], cursorDocEnd, selectDocEnd),
  move([null, "Ctrl-ArrowUp"], cursorPageUp, selectPageUp),
  move([null, "Ctrl-ArrowDown"], cursorPageDown, selectPageDown),
  move("PageUp", cursorPageUp, selectPageUp),
  move("PageDown", cursorPageDown, selectPageDown),
  move("Home", cursorLineBoundaryBackward, selectLineBoundaryBackward),
  move("End", cursorLineBoundaryForward, selectLineBoundaryForward),
  move("Mod-Home", cursorDocStart, selectDocStart),
  move("Mod-End", cursorDocEnd, selectDocEnd),
];

const EDITING = [
  bind("Enter", insertNewlineKeepIndent, { shift: insertNewlineKeepIndent }),
  erase("Backspace", deleteCharBackward, { shift: deleteCharBackward }),
  erase("Delete", deleteCharForward),
  erase(["Ctrl-Backspace", "Alt-Backspace"], deleteGroupBackward),
  erase(["Ctrl-Delete", "Alt-Delete"], deleteGroupForward),
  erase([null, "Cmd-Backspace"], deleteLineBoundaryBackward),
  erase([null, "Cmd-Delete"], deleteLineBoundaryForward),
  bind("Shift-Mod-k", deleteLine),
  bind("Alt-ArrowUp", moveLineUp),
  bind("Alt-ArrowDown", moveLineDown),
  bind("Shift-Alt-ArrowUp", copyLineUp),
  bind("Shift-Alt-ArrowDown", copyLineDown),
  bind("Mod-a", selectAll),
  bind(["Alt-l", "Ctrl-l"], selectLine),
  bind("Mod-Alt-ArrowUp", addCursorAbove),
  bind("Mod-Alt-ArrowDown", addCursorBelow),
  bind("Escape", simplifySelection),
];

/** What every text field of macOS knows. */
const MAC = [
  move([null, "Ctrl-b"], cursorCharLeft, selectCharLeft),
  move([null, "Ctrl-f"], cursorCharRight, selectCharRight),
  move([null, "Ctrl-p"], cursorLineUp, selectLineUp),
  move([null, "Ctrl-n"], cursorLineDown, selectLineDown),
  move([null, "Ctrl-a"], cursorLineStart, selectLineStart),
  move([null, "Ctrl-e"], cursorLineEnd, selectLineEnd),
  bind([null, "Ctrl-d"], deleteCharForward),
  bind([null, "Ctrl-h"], deleteCharBackward),
  bind([null, "Ctrl-k"], deleteToLineEnd),
  bind([null, "Ctrl-Alt-h"], deleteGroupBackward),
  bind([null, "Ctrl-o"], splitLine),
  bind([null, "Ctrl-t"], transposeChars),
  bind([null, "Ctrl-v"], cursorPageDown),
];

export const keys = keymap.of([...searchKeymap, ...historyKeymap, ...MOVEMENT, ...EDITING, ...MAC]);
