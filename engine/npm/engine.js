// The class that the package exports: errors as values, and an instance that is made anew after a panic.

import { __wbg_reset_state, Engine as Inner, initSync, lastPanic } from "./eqlens.js";

/** Counts instances: a handle of an older one points nowhere. */
let generation = 0;
let module;

/** Takes a compiled module into use; a second call changes nothing. */
export function start(compiled) {
  if (module) return;
  module = compiled;
  initSync({ module });
}

/** Whether there is anything left to start. */
export function isStarted() {
  return module !== undefined;
}

const utf8 = new TextEncoder();

export class Engine {
  #inner;
  #generation = generation;
  /** The mapping in use; what is small enough to be kept on this side. */
  #mapping;
  #hasEvents = false;
  /** Events were loaded and went down with an instance. */
  #lost = false;

  constructor() {
    if (!module) throw new Error("call and await init() before making an Engine");
    this.#inner = new Inner();
  }

  loadEvents(events) {
    return this.#ask(
      (inner) => {
        const report = inner.load(bytes(events));
        this.#hasEvents = true;
        this.#lost = false;
        return report;
      },
      { loads: true },
    );
  }

  setMapping(mapping) {
    return this.#ask((inner) => {
      inner.setMapping(text(mapping));
      this.#mapping = mapping;
      return null;
    });
  }

  run(rule) {
    return this.#ask((inner) => inner.run(text(rule)));
  }

  check(rule) {
    return this.#ask((inner) => inner.check(text(rule)));
  }

  scan(rules) {
    return this.#ask((inner) => inner.scan((Array.isArray(rules) ? rules : [rules]).map(text)));
  }

  rows(filter = "near", first = 0, count = 0xffff_ffff) {
    return this.#ask((inner) => inner.rows(text(filter), position(first), position(count)));
  }

  sifted(words, filter = "all", first = 0, count = 0xffff_ffff) {
    return this.#ask((inner) =>
      inner.sifted(text(words), text(filter), position(first), position(count)),
    );
  }

  failing(node, count = 100) {
    return this.#ask((inner) => inner.failing(position(node), position(count)));
  }

  explain(event) {
    return this.#ask((inner) => inner.explain(position(event)));
  }

  nearest(count = 10) {
    return this.#ask((inner) => inner.nearest(position(count)));
  }

  complete(rule, at) {
    return this.#ask((inner) => inner.complete(text(rule), position(at)));
  }

  hover(rule, at) {
    return this.#ask((inner) => inner.hover(text(rule), position(at)));
  }

  format(rule) {
    return this.#ask((inner) => inner.format(text(rule)));
  }

  describe(rule) {
    return this.#ask((inner) => inner.describe(text(rule)));
  }

  synthesise(rule, near = false) {
    return this.#ask((inner) => inner.synthesise(text(rule), Boolean(near)));
  }

  change(event) {
    return this.#ask((inner) => inner.change(position(event)));
  }

  shrink({ keep, near = 0 } = {}) {
    return this.#ask((inner) => inner.shrink(keep === undefined ? undefined : position(keep), position(near)));
  }

  compare(old, new_) {
    return this.#ask((inner) => inner.compare(text(old), text(new_)));
  }

  table(first = 0, count = 50, { byTime = false, columns = [] } = {}) {
    return this.#ask((inner) => inner.table(position(first), position(count), Boolean(byTime), columns.map(text)));
  }

  timeline(of) {
    return this.#ask((inner) => {
      if (of === undefined || of === null) return inner.timeline();
      if (of.event !== undefined) return inner.timelineOfEvent(position(of.event));
      return inner.timelineOfKeys(keys(of.keys));
    });
  }

  cursor(at) {
    return this.#ask((inner) =>
      typeof at === "object" && at !== null
        ? inner.cursor(position(at.event), true)
        : inner.cursor(position(at), false),
    );
  }

  note({ now = Date.now(), event, link } = {}) {
    return this.#ask((inner) => {
      const at = event === undefined || event === null ? undefined : position(event);
      const to = link === undefined || link === null ? undefined : text(link);
      return inner.note(Number(now), at, to) ?? null;
    });
  }

  matchesNdjson({ near = false } = {}) {
    return this.#ask((inner) => inner.matchesNdjson(Boolean(near)) ?? null);
  }

  free() {
    if (this.#generation === generation) this.#inner?.free();
    this.#inner = undefined;
  }

  /** For the tests of this package: the engine panics. */
  crashForTest() {
    return this.#ask((inner) => inner.crashForTest());
  }

  #ask(question, { loads = false } = {}) {
    if (!this.#inner) return failure("input", "this engine was freed");
    try {
      if (this.#generation !== generation) {
        // Another engine, or this one, broke down; nothing of it is left.
        this.#inner = new Inner();
        this.#generation = generation;
        this.#lost ||= this.#hasEvents;
        if (this.#mapping !== undefined) this.#inner.setMapping(this.#mapping);
      }
      if (this.#lost && !loads) {
        return failure("lost", "the engine broke down and lost its events: load them again");
      }
      return question(this.#inner);
    } catch (error) {
      // What the engine throws itself is a text; what is wrong with an argument, a TypeError of ours.
      if (typeof error === "string") return failure("input", error);
      if (error instanceof BadArgument) return failure("input", error.message);
      return failure("panic", breakDown(error));
    }
  }
}

/** A new instance in place of one that panicked; says what happened. */
function breakDown(error) {
  let message = String(error);
  try {
    message = lastPanic() || message;
  } catch {
    // Then the instance is too far gone to say.
  }
  generation += 1;
  __wbg_reset_state();
  return message;
}

class BadArgument extends Error {}

function failure(kind, message) {
  return { error: { kind, message } };
}

function text(value) {
  if (typeof value !== "string") throw new BadArgument(`expected a string, got ${nameOf(value)}`);
  return value;
}

function position(value) {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new BadArgument(`expected a whole number from 0, got ${String(value)}`);
  }
  return value;
}

function keys(values) {
  if (!Array.isArray(values)) throw new BadArgument(`expected { event } or { keys: [] }, got keys of ${nameOf(values)}`);
  return values.map((value) => (value === null ? null : text(value)));
}

function bytes(events) {
  if (typeof events === "string") return utf8.encode(events);
  if (events instanceof Uint8Array) return events;
  if (events instanceof ArrayBuffer) return new Uint8Array(events);
  throw new BadArgument(`expected a string or a Uint8Array, got ${nameOf(events)}`);
}

function nameOf(value) {
  return value === null ? "null" : typeof value;
}
