// Help while typing: what may be written at the cursor, and what the word under the pointer means.
// The page answers; what has been overtaken by the user is dropped. All text becomes text nodes.

import { Prec, StateEffect, StateField } from "@codemirror/state";
import { EditorView, ViewPlugin, hoverTooltip, keymap, showTooltip } from "@codemirror/view";
import { element, prose, sentence } from "./words.js";

const HOVER_MS = 250;
/** What a word, a path or a text is written with: typing it opens the list. */
const OPENS = /[\w.@"]$/;
const LIST_ID = "suggestions";
const PAGE = 8;

/** The list: `{ from, to, items, at }`, or null. */
const setList = StateEffect.define();

/** A change that was chosen from the list. */
const isChosen = (tr) => tr.isUserEvent("input.complete");

const list = StateField.define({
  create: () => null,
  update(value, tr) {
    for (const effect of tr.effects) if (effect.is(setList)) return effect.value;
    if (value && (tr.selection || tr.docChanged)) {
      // It stays while its word is being typed, until the answer for the new text is there.
      const to = tr.changes.mapPos(value.to, 1);
      const { head, empty } = tr.state.selection.main;
      const from = tr.changes.mapPos(value.from, -1);
      const stays = empty && head > from && head <= to && !isChosen(tr);
      if (!stays) return null;
      // A key may be faster than the answer: what no longer fits is not to be taken by it.
      const typed = tr.state.sliceDoc(from, head).toLowerCase();
      const kept = value.items.filter(({ label }) => label.toLowerCase().includes(typed));
      const narrows = tr.docChanged && kept.length > 0;
      return { ...value, from, to, ...(narrows && { items: kept, at: 0 }) };
    }
    return value;
  },
  provide: (field) => [
    showTooltip.compute([field], (state) => {
      const value = state.field(field);
      // One object a place: the list is redrawn in it, not closed and opened.
      return value && { pos: value.from, create: createList, above: false };
    }),
    EditorView.contentAttributes.from(field, (value) => ({
      "aria-autocomplete": "list",
      ...(value && {
        "aria-haspopup": "listbox",
        "aria-controls": LIST_ID,
        "aria-activedescendant": `${LIST_ID}-${value.at}`,
      }),
    })),
  ],
});

function createList(view) {
  const dom = element("ul", "suggestions");
  dom.id = LIST_ID;
  dom.setAttribute("role", "listbox");
  dom.setAttribute("aria-label", "Suggestions");
  // What scrolls can be focused; Tab takes an option before it gets there.
  dom.tabIndex = 0;
  // The text keeps the focus.
  dom.onmousedown = (event) => event.preventDefault();
  dom.onclick = ({ target }) => {
    const row = target.closest("li");
    if (row) choose(view, [...dom.children].indexOf(row));
  };
  let shown = null;
  const draw = (value) => {
    if (!value || value === shown) return;
    if (value.items !== shown?.items) {
      dom.replaceChildren(...value.items.map(row));
      dom.scrollTop = 0;
    }
    shown = value;
    [...dom.children].forEach((row, at) => {
      row.setAttribute("aria-selected", String(at === value.at));
    });
    dom.children[value.at]?.scrollIntoView({ block: "nearest" });
  };
  draw(view.state.field(list));
  return { dom, update: ({ state }) => draw(state.field(list)) };
}

function row({ kind, label, detail, note }, at) {
  const option = element(
    "li",
    "",
    element("span", "label", label),
    element("span", "detail", detail),
    element("span", "about", prose(note)),
  );
  option.id = `${LIST_ID}-${at}`;
  option.dataset.kind = kind;
  option.setAttribute("role", "option");
  return option;
}

function choose(view, at) {
  const value = view.state.field(list);
  const item = value?.items[at];
  if (!item || view.state.readOnly) return false;
  view.dispatch({
    changes: { from: value.from, to: value.to, insert: item.insert },
    selection: { anchor: value.from + item.insert.length },
    effects: setList.of(null),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
  return true;
}

const step = (by) => (view) => {
  const value = view.state.field(list);
  if (!value) return false;
  const last = value.items.length - 1;
  let at = value.at + by;
  // A single step goes round, a page stops at the end.
  if (at < 0) at = by === -1 ? last : 0;
  if (at > last) at = by === 1 ? 0 : last;
  view.dispatch({ effects: setList.of({ ...value, at }) });
  return true;
};

const take = (view) => choose(view, view.state.field(list)?.at ?? -1);

/**
 * The help of one editor, and what takes the answer to its newest question of a kind.
 * @param {(offset: number, isHover: boolean) => void} ask
 */
export function assist(ask) {
  /** Where suggestions are wanted, and whether by key; null where no answer is. */
  let wanted = null;
  /** Where a word was asked about, and who takes the answer. */
  let hovered = null;

  const close = (view) => {
    wanted = null;
    if (!view.state.field(list)) return false;
    view.dispatch({ effects: setList.of(null) });
    return true;
  };
  const open = (view) => {
    wanted = { at: view.state.selection.main.head, byKey: true };
    ask(wanted.at, false);
    return true;
  };

  const typing = ViewPlugin.define(() => ({
    update({ view, state, startState, transactions, docChanged, selectionSet, focusChanged }) {
      if (focusChanged && !view.hasFocus && state.field(list)) queueMicrotask(() => close(view));
      const isOpen = startState.field(list) !== null;
      const types = transactions.some((tr) => tr.isUserEvent("input.type"));
      const erases = isOpen && transactions.some((tr) => tr.isUserEvent("delete.backward"));
      const { head, empty } = state.selection.main;
      if (docChanged && empty && (types || erases)) {
        const before = state.sliceDoc(Math.max(head - 1, 0), head);
        if (isOpen || OPENS.test(before)) {
          // Not before the page has heard of the new text.
          wanted = { at: head, byKey: false };
          queueMicrotask(() => ask(head, false));
          return;
        }
      }
      if (docChanged || selectionSet) wanted = null;
    },
  }));

  const extension = [
    list,
    typing,
    Prec.highest(
      keymap.of([
        { key: "Ctrl-Space", run: open },
        { key: "Escape", run: close },
        { key: "ArrowDown", run: step(1) },
        { key: "ArrowUp", run: step(-1) },
        { key: "PageDown", run: step(PAGE) },
        { key: "PageUp", run: step(-PAGE) },
        { key: "Enter", run: take },
        { key: "Tab", run: take },
      ]),
    ),
    hoverTooltip(
      (_, pos) => {
        hovered?.take(null);
        return new Promise((take) => {
          hovered = { at: pos, take };
          ask(pos, true);
        });
      },
      { hoverTime: HOVER_MS, hideOnChange: true },
    ),
  ];

  const suggest = (view, { at, from, to, texts }) => {
    if (wanted?.at !== at) return;
    const { byKey } = wanted;
    wanted = null;
    const { state } = view;
    const items = [];
    for (let first = 0; first < texts.length; first += 5) {
      const [kind, label, insert, detail, note] = texts.slice(first, first + 5);
      items.push({ kind, label, insert, detail, note });
    }
    const typed = state.sliceDoc(from, at);
    // What is whole already needs no help, and the next key is meant for the text.
    const isIdle = !byKey && (typed === "" || items[0]?.insert === typed);
    const value = isIdle || items.length === 0 ? null : { from, to, items, at: 0 };
    if (value || state.field(list)) view.dispatch({ effects: setList.of(value) });
  };
  const explain = (view, { at, from, to, texts, values }) => {
    if (hovered?.at !== at) return;
    const fits = texts.length > 0 && from < to && to <= view.state.doc.length;
    const create = () => ({ dom: card(texts, values) });
    hovered.take(fits ? { pos: from, end: to, create } : null);
    hovered = null;
  };
  return [extension, (view, answer) => (answer.isHover ? explain : suggest)(view, answer)];
}

function card([title, detail, ...lines], values) {
  const head = element("h3", "", element("code", "", title), element("span", "code", detail));
  const dom = element("div", "card word", head);
  dom.append(...lines.map((line) => element("p", "", prose(sentence(line)))));
  dom.setAttribute("role", "tooltip");
  const rows = element("ul", "values");
  for (let at = 0; at < values.length; at += 2) {
    const count = element("span", "", Number(values[at + 1]).toLocaleString("en"));
    rows.append(element("li", "", element("code", "", values[at]), count));
  }
  if (values.length > 0) dom.append(rows);
  return dom;
}
