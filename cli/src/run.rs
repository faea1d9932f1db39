//! `eqlens run`: which events match.

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;

use eqlens_engine::explain;
use eqlens_engine::join::KeySpace;
use eqlens_engine::rule::IndexPatterns;
use eqlens_engine::run::{self as engine, Found, Hits, Options, ResultPosition};
use eqlens_engine::store::{Store, TimeFields};
use eqlens_engine::wire::search::{
    self as wire, Hit, Returned, SearchResponse, SearchStats, Total,
};

use crate::fields::{Fields, Search};
use crate::input::{self, Events, Source};
use crate::output::{self, Data, Format, Style, plain};
use crate::stats::{Stats, millis, peak_rss_bytes};
use crate::table::Table;
use crate::{Failure, Status};

/// Matches of a query, where it does not say how many (spec §10.2).
const SIZE: usize = 10;

/// Run a query or a rule over events: which ones match?
///
/// The answer has the shape of an `_eql/search` response; each `_source` is the event byte for
/// byte. A refused query exits 2 with its findings on standard error.
#[derive(clap::Args)]
#[command(after_help = "Example: eqlens run --query 'process where process.name : \"cmd.exe\"' \
                        --events events.ndjson")]
pub(crate) struct Args {
    /// The query
    #[arg(long, value_name = "Q", required_unless_present = "rule", conflicts_with = "rule")]
    query: Option<String>,
    /// A rule file; its index patterns, fields and `max_signals` count
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
    /// Event files, each in any form, also gzipped; `-` is standard input
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    events: Vec<PathBuf>,
    /// Elasticsearch mapping (JSON) with the types of the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    fields: Fields,
    /// Most matches returned [default: 10; with --rule its `max_signals`, or 100]
    #[arg(long, value_name = "N")]
    size: Option<usize>,
    /// Accepted and ignored: there are no pages
    #[arg(long, value_name = "N")]
    fetch_size: Option<u64>,
    /// Which end of the matches is returned [default: tail]
    #[arg(long, value_name = "END", value_enum)]
    result_position: Option<Position>,
    #[command(flatten)]
    search: Search,
    /// Search every index, whatever patterns the rule has
    #[arg(long)]
    all_indices: bool,
    /// Print counts and times as one JSON line on standard error
    #[arg(long)]
    stats: bool,
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// Which end of the matches is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Position {
    /// The first ones
    Head,
    /// The last ones
    Tail,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    // There are no pages to fetch.
    let _ = args.fetch_size;
    input::one_standard_input(args.rule.iter().chain(&args.events).chain(&args.mapping))?;
    let format = Format::or_default(args.format);
    let source = match (&args.rule, &args.query) {
        (Some(path), _) => Source::file(path)?,
        (None, query) => Source::query(query.as_deref().unwrap_or_default()),
    };
    let mapping = input::mapping(args.mapping.as_deref())?;
    let options = options(args, &source);

    let start = Instant::now();
    let mut events = Events::stream(&args.events)?;
    events.store.hold_as(&mapping);
    let ingest = start.elapsed();
    events.tell_skipped();

    let start = Instant::now();
    let (plan, findings) = source.compile(&mapping, &events.store, &options);
    let compile = start.elapsed();
    let Some(plan) = plan else {
        let style = Style::stderr();
        output::tell(|err| source.report(&findings).write(err, format, style));
        return Err(Failure::Reported);
    };

    let start = Instant::now();
    let patterns = if args.all_indices { &[][..] } else { &source.rule.indices };
    let patterns = IndexPatterns::new(patterns);
    let found = engine::search(&plan, &events.store, &patterns, &options, &mut (), &mut ());
    let hits = engine::cut(&found.all, &plan, options.size, options.result_position);
    let total = engine::cut(&found.all, &plan, usize::MAX, options.result_position).len();
    let query = start.elapsed();
    let mut findings = findings;
    findings.extend(source.query_findings(&found.warnings));

    match format {
        Format::Json => {
            events.fetch(hits.events())?;
            let returned = Returned::new(&hits, &found.keys, |event| {
                Hit::new(&events.store, &events.sources, event)
            });
            let response = SearchResponse {
                took: (compile + query).as_millis() as u64,
                timed_out: false,
                is_partial: false,
                is_running: false,
                hits: wire::Hits {
                    total: Total { value: total as u32, relation: "eq" },
                    found: returned,
                },
                warnings: findings,
                stats: SearchStats {
                    events: events.store.n_events(),
                    searched: found.searched.count(),
                },
            };
            let mut out = Data::new();
            out.json(&response)?;
            out.finish()?;
        }
        Format::Text => {
            events.tell_forms();
            output::tell(|err| source.report(&findings).write(err, format, Style::stderr()));
            write_text(&events.store, &hits, &found.keys, plan.time())?;
            output::tell_line(&count_line(&events.store, &found, total, hits.len()));
        }
    }
    if args.stats {
        output::tell_json(&Stats {
            events: events.store.n_events(),
            bytes: events.bytes,
            ingest_ms: millis(ingest),
            compile_ms: Some(millis(compile)),
            query_ms: millis(query),
            peak_rss_bytes: peak_rss_bytes(),
        });
    }
    Ok(if total > 0 { Status::Yes } else { Status::No })
}

/// The options of the command line over those of the rule over the defaults.
fn options(args: &Args, source: &Source) -> Options {
    let mut options = Options::default().for_rule(&args.fields.over(&source.rule));
    let of_rule = source.rule.search.size.unwrap_or(source.rule.max_signals_or_default());
    let size = if args.rule.is_some() { of_rule as usize } else { SIZE };
    options.size = args.size.unwrap_or(size);
    if let Some(position) = args.result_position {
        options.result_position = match position {
            Position::Head => ResultPosition::Head,
            Position::Tail => ResultPosition::Tail,
        };
    }
    args.search.over(options)
}

/// One line for each event: time, id, host and what says most about it; before those of a sequence
/// or sample a line with its number and its keys.
fn write_text(
    store: &Store,
    hits: &Hits,
    keys: &KeySpace,
    time: &TimeFields,
) -> Result<(), Failure> {
    let row = |event: u32| {
        let time = store.time(time, event);
        let host = store.column("host.name").and_then(|host| host.values_of(event).next());
        [
            time.map(|time| time.to_string()).unwrap_or_default(),
            store.id(event),
            host.map(|host| host.to_string()).unwrap_or_default(),
            explain::summary(store, event),
        ]
    };
    let missing = || [String::new(), "-".into(), String::new(), "no such event".into()];
    let style = Style::stdout();
    let bold = |text: &str| style.bold(text);
    let dim = |text: &str| style.dim(text);
    let paint: [&dyn Fn(&str) -> String; 2] = [&dim, &bold];
    let mut table = Table::new(&paint);
    match hits {
        Hits::Events(events) => events.iter().for_each(|event| table.row(row(*event))),
        Hits::Joined(matches) => {
            for (n, hit) in matches.iter().enumerate() {
                let keys: Vec<String> = keys
                    .values(hit.tuple)
                    .map(|key| key.text().unwrap_or_else(|| "null".into()))
                    .collect();
                table.head(
                    style.bold(plain(&format!("{}  {}", n + 1, keys.join(" · "))).trim_end()),
                );
                hit.events.iter().for_each(|event| table.row(event.map_or_else(missing, row)));
            }
        }
    }
    let mut out = Data::new();
    out.write(|out| table.write(out))?;
    out.finish()
}

/// How many there are, and of what.
fn count_line(store: &Store, found: &Found, total: usize, shown: usize) -> String {
    let (events, searched) = (store.n_events(), found.searched.count());
    let mut line = match (&found.all, found.groups.is_empty()) {
        (Hits::Events(_), _) => format!("{total} of {events} events match"),
        (Hits::Joined(_), true) => {
            format!("{} in {}", matching(total, "sequence"), counted(events as usize, "event"))
        }
        (Hits::Joined(_), false) => {
            format!("{} in {}", matching(total, "sample"), counted(events as usize, "event"))
        }
    };
    let timeless = searched as usize - found.ordinals.len();
    if timeless > 0 && matches!(&found.all, Hits::Joined(_)) && found.groups.is_empty() {
        line.push_str(&format!("; {} without a time not seen", counted(timeless, "event")));
    }
    if searched < events {
        line.push_str(&format!(", {searched} are in an index that is searched"));
    }
    if shown < total {
        line.push_str(&format!("; {shown} shown, see --size"));
    }
    line
}

/// `1 event`, `2 events`.
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// `1 sequence matches`, `2 sequences match`.
fn matching(n: usize, what: &str) -> String {
    format!("{} {}", counted(n, what), if n == 1 { "matches" } else { "match" })
}
