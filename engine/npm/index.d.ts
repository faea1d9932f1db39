/** What `init` takes: where the WebAssembly file is, or the file itself. */
export type WasmSource = URL | string | Response | BufferSource | WebAssembly.Module;

/**
 * Makes the engine ready. Without a source the file beside the package is taken. Calling it again changes nothing.
 * @throws where the file cannot be had or is no WebAssembly
 */
export default function init(source?: WasmSource | Promise<WasmSource>): Promise<void>;

/** What could not be answered. Nothing but `init` and the constructor throws. */
export interface EngineError {
  error: {
    /** `input`: an argument cannot be used. `panic`: the engine broke down. `lost`: it broke down before. */
    kind: "input" | "panic" | "lost";
    message: string;
  };
}

/** Events once loaded, rules as they come. */
export class Engine {
  /** @throws where `init` has not been awaited */
  constructor();
  /**
   * Replaces the events, in whatever form: NDJSON, JSON, a search response, a `_bulk` body, CSV; as text, or as the bytes of a file,
   * which may be gzipped. Bad lines are reported and skipped.
   */
  loadEvents(events: string | Uint8Array | ArrayBuffer): LoadReport | EngineError;
  /** Uses an Elasticsearch mapping (JSON) from the next run on. */
  setMapping(mapping: string): null | EngineError;
  /** Runs a query or a rule document over the events. A refused rule has findings and a null `result`. */
  run(rule: string): Outcome | EngineError;
  /** What is wrong with a rule, without running it: errors, warnings and infos. `run` tells no infos. */
  check(rule: string): Finding[] | EngineError;
  /** Which of many rules match: one entry per rule. */
  scan(rules: string | readonly string[]): Scanned[] | EngineError;
  /** Rows of the result list of the last run, in time order. */
  rows(filter?: Filter, first?: number, count?: number): Rows | EngineError;
  /** The same, of the rows that fit a text alone: a condition of EQL (`host.name : "web-*"`), or words of their summary, id or host. */
  sifted(text: string, filter?: Filter, first?: number, count?: number): Sifted | EngineError;
  /** Searched events that one node of the condition stops, those it alone stops first; null where there is no such node. `node` is its place in `Outcome.nodes`. */
  failing(node: number, count?: number): Failing | null | EngineError;
  /** Why one event matches or not, by the last run; null where there is no such event. `event` is its position. */
  explain(event: number): Explanation | null | EngineError;
  /**
   * Events that do not match the rule of the last run, at most `count` (10), nearest first; of a sequence or sample also what got
   * furthest.
   */
  nearest(count?: number): Nearest | EngineError;
  /** What may be written at a place of a rule text. `at` counts UTF-16 units, as JavaScript does. */
  complete(rule: string, at: number): Completions | EngineError;
  /** What the word at a place of a rule text means; null where there is nothing to say. */
  hover(rule: string, at: number): Hover | null | EngineError;
  /** What has to be replaced so that the query of a rule text is formatted; in source order. */
  format(rule: string): Formatted | EngineError;
  /** The query of a rule text in plain English; null where it cannot be read. */
  describe(rule: string): Reading | null | EngineError;
  /** Events that match a rule text and, if `near`, near misses of each of its clauses. */
  synthesise(rule: string, near?: boolean): Synthesised | EngineError;
  /**
   * The smallest edit of one event that makes it match, by the last run; of a sequence or sample, fit a stage or join. Null where there
   * is no such event.
   */
  change(event: number): Change | null | EngineError;
  /**
   * The fewest loaded events that give the same matches, with the event `keep` and `near` near misses. Null where there was no run, and
   * where nothing smaller is sure to do.
   */
  shrink(options?: { keep?: number; near?: number }): Kept | null | EngineError;
  /** What a new version of a rule gains and loses beside the old one, and by which clauses. */
  compare(old: string, new_: string): Comparison | EngineError;
  /** The loaded events as a table, with the fields given, or those the query of the last run reads. */
  table(
    first?: number,
    count?: number,
    options?: { byTime?: boolean; columns?: readonly string[] },
  ): Table | EngineError;
  /** A case note in Markdown about the last run; null where there was none. Texts of rule and events are escaped. */
  note(options?: NoteOptions): string | null | EngineError;
  /**
   * The matches of the last run, one a line, each `_source` as it was, with the clauses that decided under `eqlens`; with `near` also
   * what narrowly does not match. Null where there was no run.
   */
  matchesNdjson(options?: { near?: boolean }): string | null | EngineError;
  /**
   * How the matches of the last run came about; at most 2,000 traces, those nearest to a match. With `of` those of the keys of
   * one event (by its position), or with these key values, and then up to 20,000.
   */
  timeline(of?: { event: number } | { keys: (string | null)[] }): Timeline | EngineError;
  /**
   * The state of the matcher of the last run, a sequence, after one event: the relevant event of this number, from 1 (0: before the
   * first), or the event at this position of the input. Null where there is none, or it takes no part.
   */
  cursor(at: number | { event: number }): Cursor | null | EngineError;
  /** Gives its memory back; the engine is of no use afterwards. */
  free(): void;
}

/** What a case note says beside the run. */
export interface NoteOptions {
  /** When it is written, in milliseconds since the epoch; now, if it is left out, and not told, if it is NaN. */
  now?: number;
  /** Position of an event that is explained clause by clause. */
  event?: number | null;
  /** A link to the investigation. */
  link?: string | null;
}

/** What may be written at a place. */
export interface Completions {
  /** What a suggestion replaces; may be empty. */
  span: Span;
  /** The best first; at most 50. */
  items: Suggestion[];
}

export interface Suggestion {
  kind: "category" | "keyword" | "field" | "function" | "operator" | "value" | "duration";
  /** What is shown. */
  label: string;
  /** What is written. */
  insert: string;
  /** Type or arguments. */
  detail: string;
  /** What it means, or in how many events it is. Code stands in backticks. */
  note: string;
}

/** What a word means. */
export interface Hover {
  span: Span;
  explained: {
    title: string;
    detail: string;
    /** Code stands in backticks. */
    lines: string[];
    /** The most frequent values of a field, with the number of events that have each. */
    values: [string, number][];
  };
}

/** What formatting replaces. */
export interface Formatted {
  edits: Edit[];
  /** Why the rule is left alone; empty where it is not. */
  findings: Finding[];
}

/** A query in words, line by line. */
export interface Reading {
  lines: {
    /** How far it is indented, in steps. */
    depth: number;
    /** Joined, their texts are that of the line. */
    parts: { kind: "word" | "field" | "value" | "note"; text: string }[];
    span: Span;
  }[];
}

/** Events made out of a rule. */
export interface Synthesised {
  /** All of them, hits of NDJSON. */
  events: string;
  /** What each is for, the match first. Empty where the rule cannot match. */
  cases: {
    name: string;
    ids: string[];
    matches: boolean;
    /** The labels of the clauses each of which alone decides. */
    clauses: string[];
    /** Where the clause stands, if one is meant. */
    span: Span | null;
  }[];
  /** Which cases there are none of, and why: a line each. */
  impossible: string[];
  findings: Finding[];
}

/** What would have to change in an event; a run has confirmed it. */
export interface Change {
  event: number;
  id: string;
  /** Empty where it matches as it is, and where no edit of this event can do it; then the sentence says why. */
  edits: {
    field: string;
    action: "set" | "add" | "remove" | "delete";
    /** The values it has; what is replaced or removed is the first of them. */
    from: string[];
    to: string | null;
    /** Number of the clause that wants it. */
    clause: number | null;
    sentence: string;
  }[];
  /** The whole edited event, every other byte as it was. */
  source: string | null;
  /** No more fields are edited than clauses must turn over at least. */
  is_smallest: boolean;
  sentence: string;
  /** The stage it fits then, from 1; null for an event query. */
  stage: number | null;
}

/** The events that matches need. */
export interface Kept {
  /** Positions of the events, in their order. */
  events: number[];
  /** How many are loaded. */
  of: number;
  bytes: number;
  /** The events as NDJSON, each as its line was. */
  text: string;
  sentence: string;
}

/** What differs between two versions of a rule. */
export interface Comparison {
  /** All of it in one or two sentences. Code stands in backticks. */
  sentence: string;
  /** Nothing differs that the query or the schedule would notice. */
  same_rule: boolean;
  /** Both could run and have the same matches. */
  same_matches: boolean;
  old: ComparedVersion;
  new: ComparedVersion;
  gained: Changes;
  lost: Changes;
  /** Sequences and samples with the same join keys and other events; neither gained nor lost. */
  changed: Changes;
  unchanged: Changes;
  /** The clauses of both, in the order of the new version. */
  clauses: {
    state: "kept" | "changed" | "added" | "removed";
    old: ComparedClause | null;
    new: ComparedClause | null;
    /** How many gained, lost and changed matches it decided, alone or with others. */
    decides: number;
  }[];
  /** What else differs and matters: `maxspan`, `index patterns`, … */
  settings: { name: string; old: string; new: string; decides: number }[];
}

/** One of two versions. */
export interface ComparedVersion {
  name: string | null;
  form: QueryForm;
  query_span: Span | null;
  /** Null where it could not run. */
  matches: number | null;
  /** The errors that keep it from running. */
  findings: Finding[];
}

/** Matches of one kind. */
export interface Changes {
  total: number;
  /** How many are not listed. */
  left_out: number;
  rows: {
    /** Positions; null for an event that must be missing. */
    events: (number | null)[];
    ids: string[];
    /** Of a changed match those in the old version. */
    old_ids: string[];
    keys: (string | null)[];
    time: string | null;
    summary: string;
    /** What decided. Code stands in backticks. */
    why: string;
    /** Positions in `clauses` of what decided. */
    clauses: number[];
    /** Positions in `settings` of what else decided. */
    settings: number[];
  }[];
}

/** A clause in one version. */
export interface ComparedClause {
  number: number;
  /** `stage 2`, `filter 1`, `until`; empty for an event query. */
  place: string;
  text: string;
  /** For how many searched events it alone holds. */
  count: number;
  span: Span;
}

/** A range of a source text. */
export interface Span {
  /** First byte, from 0. */
  start: number;
  /** One past the last byte. */
  end: number;
  /** Line of `start`, from 1. */
  line: number;
  /** Column of `start`, from 1, in characters. */
  column: number;
  /** `start` in UTF-16 units, as JavaScript counts. */
  start_utf16: number;
  /** `end` in UTF-16 units. */
  end_utf16: number;
}

export type Severity = "error" | "warning" | "info";

/** One thing found wrong or worth saying about a text. */
export interface Finding {
  severity: Severity;
  /** `E-…` language, `L-…` lints, `R-…` rule documents, `D-…` event data, `X-…` limits. */
  code: string;
  message: string;
  /** What to do. */
  help: string | null;
  span: Span;
  fixes: Fix[];
}

/** A named set of edits. */
export interface Fix {
  title: string;
  edits: Edit[];
}

/** Replaces one range by a text. */
export interface Edit {
  span: Span;
  text: string;
}

/** What became of loaded events. */
export interface LoadReport {
  /** What the text was taken for, in words. */
  format: string;
  events: number;
  /** Lines that could not be read. */
  skipped: number;
  bytes: number;
  /** What was wrong with them; at most 100. */
  findings: Finding[];
  /** 1-based line on which each event begins. */
  lines: number[];
}

/** What a rule text was taken for, and what was read from it. */
export interface Rule {
  /** In words: `EQL query`, `detection-rules TOML`, … */
  form: string;
  /** Nothing but a query. */
  is_bare: boolean;
  query: string;
  id: string | null;
  name: string | null;
  description: string | null;
  language: string | null;
  rule_type: string | null;
  severity: string | null;
  risk_score: number | null;
  /** Index patterns; empty means every index. */
  indices: string[];
  interval: string | null;
  from: string | null;
  to: string | null;
  max_signals: number | null;
  tags: string[];
  references: string[];
  threat: Threat[];
  version: number | null;
  authors: string[];
  license: string | null;
  timestamp_override: string | null;
  event_category_override: string | null;
  timestamp_field: string | null;
  tiebreaker_field: string | null;
  /** Markdown. */
  setup: string | null;
  /** Markdown. */
  note: string | null;
  min_stack_version: string | null;
  maturity: string | null;
  integrations: string[];
  building_block_type: string | null;
  search: SearchOptions;
}

/** A tactic, technique or sub-technique of ATT&CK. */
export interface Threat {
  id: string;
  name: string;
  reference: string | null;
  below: Threat[];
}

/** What a search request says beside the query. */
export interface SearchOptions {
  size: number | null;
  result_position: "head" | "tail" | null;
  max_samples_per_key: number | null;
}

/** On an event, a clause or any node. `missing`: fails for want of a value. */
export type Verdict = "holds" | "fails" | "missing" | "unsearched";

export type NodeKind =
  | "query"
  | "sequence"
  | "sample"
  | "stage"
  | "category"
  | "and"
  | "or"
  | "not"
  | "leaf";

/** One node of the condition; nodes come in preorder. */
export interface Node {
  kind: NodeKind;
  /** Position of its parent in the list. */
  parent: number | null;
  depth: number;
  title: string;
  label: string;
  span: Span;
  /** Number of the clause, from 1, where it is one. */
  clause: number | null;
  /** For how many searched events it alone holds. */
  count: number | null;
  /** How many satisfy it and all that stands before it in the same conjunction and on the way there. */
  reach: number | null;
}

export type QueryForm = "event" | "sequence" | "sample";

/** What came of one rule over the loaded events. */
export interface Outcome {
  rule: Rule;
  /** Where the query stands in the text; null where it is not there to the letter and in one piece. */
  query_span: Span | null;
  /** Where it stands between double quotes that know escapes (JSON, basic strings of TOML). */
  escaped_span: Span | null;
  findings: Finding[];
  nodes: Node[];
  /** Null where the rule was refused. */
  result: RunResult | null;
}

/** What a run gave, in numbers. */
export interface RunResult {
  form: QueryForm;
  events: number;
  searched: number;
  matches: number;
  /** Events one clause away from a match. */
  near: number;
  took_us: number;
  /** Verdict per event, in the order of the input. */
  verdicts: Verdict[];
  /** What stops most of the events that do not match; null where all match. */
  stopper: Stopper | null;
}

/** The clause, or the stage of a sequence or sample, that rules out most. */
export interface Stopper {
  /** Position among the nodes of the outcome. */
  node: number;
  clause: number | null;
  /** Candidates that it stops. */
  events: number;
  /** Events (of a sequence, chains) that come nearest to a match. */
  candidates: number;
  /** Code stands in backticks. */
  sentence: string;
}

/** What comes nearest to a match without being one. */
export interface Nearest {
  /** Events that do not match and could. */
  total: number;
  events: NearEvent[];
  /** Of a sequence, the partial matches that got furthest. */
  traces: Trace[];
  /** Of a sample, the keys for which most filters found events. */
  groups: Group[];
}

/** One event that does not match. */
export interface NearEvent {
  event: number;
  id: string;
  time: string | null;
  /** Tests that would have to turn over, and one more where its index is not searched. */
  distance: number;
  /** False where too many tests repeat for all choices to be tried: fewer may do. */
  is_exact: boolean;
  clauses: {
    node: number;
    clause: number;
    label: string;
    reason: string;
    value: string;
    /** What would turn it over. Code stands in backticks. */
    wanted: string;
  }[];
  headline: string;
  sentence: string;
}

/** `near`: matches and events one clause away. */
export type Filter = "all" | "matches" | "near";

/** A stretch of the result list. */
export interface Rows {
  filter: Filter;
  total: number;
  first: number;
  rows: Row[];
}

/** Rows that fit a text. */
export interface Sifted {
  text: string;
  /** It was read as a condition; otherwise as words. */
  is_condition: boolean;
  /** Why a text that looks like a condition was read as words. */
  trouble: string | null;
  rows: Rows;
}

/** The searched events that one node of the condition stops. */
export interface Failing {
  node: number;
  /** The field a clause asks about; empty where the node is no clause. */
  field: string;
  holds: number;
  fails: number;
  rows: FailingRow[];
}

export interface FailingRow {
  event: number;
  id: string;
  time: string | null;
  host: string | null;
  verdict: Verdict;
  /** The value that decided, or the only one; empty if none. */
  value: string;
  note: string;
  /** What else stops the event, in words. */
  rest: string;
  /** Nothing else does. */
  is_alone: boolean;
}

/** One event in the result list. */
export interface Row {
  /** Position in the input, from 0. */
  event: number;
  id: string;
  time: string | null;
  host: string | null;
  summary: string;
  verdict: Verdict;
  /** Stages of a sequence or sample whose filter it passes, from 1; 0 is the `until` term. */
  stages: number[];
  why: string;
  cells: Cell[];
}

/** One clause on one event. */
export interface Cell {
  verdict: Verdict;
  decisive: boolean;
}

/** Why one event matches or not. */
export interface Explanation {
  event: number;
  id: string;
  index: string;
  line: number;
  verdict: Verdict;
  headline: string;
  sentence: string;
  /** One entry per node of the outcome, in the same order. */
  nodes: NodeVerdict[];
  /** The event, laid out for reading. */
  view: EventLine[];
}

/** What one node says of one event. */
export interface NodeVerdict {
  verdict: Verdict;
  decisive: boolean;
  reason: string | null;
  value: string;
  note: string;
  text: string;
  /** Of a leaf, what would satisfy it, in words. Code stands in backticks. */
  wanted: string;
  values: string[];
  /** Positions in `values` of those of which the test is true. */
  deciding: number[];
}

export interface EventLine {
  indent: number;
  parts: EventPart[];
  clauses: number[];
}

export interface EventPart {
  kind: "key" | "string" | "atom" | "punctuation";
  text: string;
  mark: Verdict | null;
}

/** One rule of a library over the loaded events. */
export interface Scanned {
  rule_id: string | null;
  name: string | null;
  /** Null where the rule could not run. */
  count: number | null;
  /** Ids of the first matches; of a sequence or sample one list each. */
  matches: string[] | string[][];
  /** Why the rule could not run. */
  error?: { code: string; message: string };
}

/** How matches came about: traces of a sequence, or groups of a sample, or tracks of an event query. */
export interface Timeline {
  form: QueryForm;
  keys: string[];
  stages: Stage[];
  maxspan_ms: number | null;
  start_ms: number;
  end_ms: number;
  density: number[];
  without_time: number;
  matched: number;
  total: number;
  /** How many traces ended for each reason, those that are not given too. */
  ended: [Ended, number][];
  traces: Trace[];
  groups: Group[];
  /** Of an event query: host by host, those with most matches first. */
  tracks: Track[];
}

/** The events of a host, or of the hosts that share the last track, in time. */
export interface Track {
  host: string;
  hosts: number;
  matched: number;
  near: number;
  searched: number;
  density: number[];
  points: { event: number; id: string; time_ms: number; standing: "matches" | "near" | "searched" }[];
}

/** One stage of a sequence or filter of a sample. */
export interface Stage {
  /** From 1; what `runs` repeats counts as often. */
  number: number;
  /** Number of its term in the query, from 1. */
  term: number;
  /** Which repetition of the term it is, from 1. */
  nth: number;
  label: string;
  /** What stands in its brackets. */
  text: string;
  missing: boolean;
  until: boolean;
  node: number;
  count: number;
}

export type Ended =
  | "matched"
  | "overwritten"
  | "maxspan_expired"
  | "until"
  | "missing_event_seen"
  | "key_missing"
  | "open_at_end_of_data";

export interface EventRef {
  event: number;
  id: string;
  time_ms: number | null;
  time: string | null;
}

/** One partial or complete sequence. */
export interface Trace {
  keys: (string | null)[];
  host: string;
  label: string;
  ended: Ended;
  stage: number;
  events: (EventRef | null)[];
  by: EventRef | null;
  /** The `![…]` stage it fits, from 1, where it should not have come. */
  unwanted_stage: number | null;
  late_ms: number | null;
  field: string | null;
  outcome: string;
  sentence: string;
  /** What was known of its `![…]` stages when it ended; of a match, when the data do. */
  slots: Slot[];
}

/** A `![…]` stage of one sequence. */
export interface Slot {
  /** Its number, from 1. */
  stage: number;
  /** `undecided`: its window has not ended. */
  state: "satisfied" | "violated" | "undecided";
  /** The unwanted event. */
  by: EventRef | null;
  /** The times between which no such event may be there. */
  from_ms: number | null;
  to_ms: number | null;
}

/** The state of the matcher after one event: what a run over the events so far would leave. */
export interface Cursor {
  /** Number of the event among those that pass the filter of some stage, from 1; of another event that of the last one before. */
  at: number;
  /** How many such events there are. */
  total: number;
  /** Null before the first one. */
  event: EventRef | null;
  label: string;
  did: Did[];
  /** What it did; code stands in backticks. */
  sentence: string;
  /** What waits for its next event; at most 200, what changed last first. */
  pending: Pending[];
  n_pending: number;
  /** What has ended; at most 50, the newest first. */
  ended: Past[];
  n_ended: number;
}

export type Happened =
  | "started"
  | "advanced"
  | "completed"
  | "overwrote"
  | "expired"
  | "until"
  | "discarded"
  | "key_missing"
  | "nothing";

/** One thing that an event did. */
export interface Did {
  what: Happened;
  /** The stage it fits, from 1; 0 where it fits none. */
  stage: number;
  keys: (string | null)[];
  sentence: string;
}

/** A partial match that waits. */
export interface Pending {
  keys: (string | null)[];
  host: string;
  label: string;
  stage: number;
  events: (EventRef | null)[];
  window_ends_ms: number | null;
  left_ms: number | null;
  /** Its window is over, although nothing has ended it. */
  is_late: boolean;
  is_now: boolean;
  change: string;
  slots: Slot[];
}

/** A sequence that has ended. */
export interface Past {
  keys: (string | null)[];
  host: string;
  label: string;
  ended: Ended;
  outcome: string;
  ago_ms: number;
  is_now: boolean;
  slots: Slot[];
}

/** The events of one join key of a sample. */
export interface Group {
  keys: (string | null)[];
  filters: GroupFilter[];
  samples: EventRef[][];
  sentence: string;
}

export interface GroupFilter {
  events: EventRef[];
  count: number;
}

/** A stretch of the loaded events. */
export interface Table {
  /** Names of the fields. Time and host are not among them: every row has those. */
  columns: string[];
  /** Events in all. */
  total: number;
  /** Position of the first row here, in the order asked for. */
  first: number;
  /** Always null here. */
  found: number | null;
  rows: TableRow[];
}

export interface TableRow {
  /** Position of the event in the input, from 0. */
  event: number;
  id: string;
  /** Does it match? Null where nothing was run. */
  verdict: Verdict | null;
  time: string | null;
  host: TableCell;
  /** One cell per column. */
  cells: TableCell[];
  /** What says most about the event in one line. */
  summary: string;
}

/** What an event has in a field. */
export interface TableCell {
  /** Its values, joined by `, `; a long text ends in `…`. */
  text: string;
  /** How many values there are; 0 where the field is missing. */
  values: number;
  /** There is no value, but the field is there: null, or an empty array. */
  is_null: boolean;
}
