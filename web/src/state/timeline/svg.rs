//! The drawing as a file: standalone SVG in light colours, without scripts and references.

use eqlens_engine::wire::timeline::{QueryForm, Timeline};

use crate::state::Effect;
use crate::state::model::State;
use crate::state::text::counted;
use crate::state::timeline::lanes::{Lane, Tone, lane};
use crate::state::timeline::names::{name_of, row_name, short_keys};
use crate::state::timeline::rows::{Row, bars};
use crate::state::timeline::scale::{Range, span_words, ticks};

/// The palette of the light theme, written out: a file on its own knows no tokens.
const INK: &str = "#14181c";
const QUIET: &str = "#5c656d";
const LINE: &str = "#dde1e4";
const PAPER: &str = "#fdfdfc";
const HOLDS: &str = "#006e68";
const FAILS: &str = "#ab3803";
const MISSING: &str = "#565f69";

/// Measures, in pixels.
const WIDTH: f64 = 1200.0;
const LABEL: f64 = 220.0;
const PLOT: f64 = WIDTH - LABEL - 16.0;
const TOP: f64 = 84.0;
const LANE: f64 = 56.0;
const CELL: f64 = 24.0;

/// Orders the drawing as a file, named after the rule.
pub(super) fn save(state: &State) -> Vec<Effect> {
    let Some(timeline) = &state.timeline.timeline else { return Vec::new() };
    let name = state.read.as_ref().and_then(|read| read.rule.name.clone());
    let title = name.unwrap_or_else(|| "EQL query".to_owned());
    let tab = &state.timeline;
    let slug: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(60)
        .collect();
    let name = format!("{}-timeline.svg", slug.trim_matches('-'));
    let text = svg(timeline, &tab.rows, tab.shown(), &title);
    vec![Effect::SaveFile { name, mime: "image/svg+xml", text }]
}

/// The rows as they are shown, under the title, with the stretch of time and what the marks mean.
#[must_use]
pub fn svg(timeline: &Timeline, rows: &[Row], range: Range, title: &str) -> String {
    let mut pen = Pen::default();
    let height = match timeline.form {
        QueryForm::Sample => groups(&mut pen, timeline),
        _ => lanes(&mut pen, timeline, rows, range),
    };
    let mut head = Pen::default();
    head.text(12.0, 26.0, title, INK, "font-size=\"18\" font-weight=\"600\"");
    head.text(12.0, 46.0, &told(timeline, range), QUIET, "");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\
         <title>{}</title>\
         <defs>{}{}</defs><rect width=\"100%\" height=\"100%\" fill=\"{PAPER}\"/>{}{}</svg>\n",
        escaped(title),
        hatch("holds", HOLDS),
        hatch("fails", FAILS),
        head.out,
        pen.out
    )
}

/// What is drawn, and from when to when.
fn told(timeline: &Timeline, range: Range) -> String {
    let what = match timeline.form {
        QueryForm::Sequence => {
            let all = counted(timeline.total, "partial sequence", "partial sequences");
            format!("{} matched of {all}", timeline.matched)
        }
        QueryForm::Sample => {
            let all = counted(timeline.total, "key", "keys");
            return format!("{} from {all}", counted(timeline.matched, "sample", "samples"));
        }
        QueryForm::Event => counted(timeline.matched, "match", "matches"),
    };
    let time = |ms: f64| eqlens_engine::time::Instant::from_millis(ms as i64).to_string();
    let maxspan = timeline.maxspan_ms.map(|span| format!(", maxspan {}", span_words(span)));
    let (start, end) =
        (range.start.max(timeline.start_ms as f64), range.end.min(timeline.end_ms as f64));
    let (start, end) = (time(start), time(end));
    format!("{what}{}, {start} to {end}", maxspan.unwrap_or_default())
}

fn lanes(pen: &mut Pen, timeline: &Timeline, rows: &[Row], range: Range) -> f64 {
    let bottom = TOP + LANE * rows.len().max(1) as f64;
    let legend: &[(&str, &str, &str)] = match timeline.form {
        QueryForm::Event => {
            &[(HOLDS, HOLDS, "match"), (PAPER, FAILS, "near miss"), (QUIET, QUIET, "searched")]
        }
        _ => &[
            (HOLDS, HOLDS, "part of a match"),
            (PAPER, FAILS, "part of a partial that ended"),
            ("url(#holds)", HOLDS, "nothing unwanted came"),
            ("url(#fails)", FAILS, "an unwanted event came"),
            ("none", MISSING, "not decided"),
        ],
    };
    let mut x = 12.0;
    for (fill, stroke, word) in legend {
        pen.rect([x, 57.0, 14.0, 12.0], fill, stroke, *stroke == MISSING);
        pen.text(x + 20.0, 67.0, word, QUIET, "");
        x += 44.0 + word.len() as f64 * 6.4;
    }
    for tick in ticks(range, PLOT) {
        let x = LABEL + tick.x;
        pen.line([x, x, TOP - 6.0, bottom], LINE, 1.0, false);
        if tick.x > 28.0 && tick.x < PLOT - 28.0 {
            pen.text(x, TOP - 10.0, &tick.label, QUIET, "text-anchor=\"middle\" font-size=\"11\"");
        }
    }
    let end = LABEL + range.x(timeline.end_ms, PLOT);
    if (LABEL..WIDTH).contains(&end) {
        pen.line([end, end, TOP - 6.0, bottom], QUIET, 1.0, true);
    }
    for (at, row) in rows.iter().enumerate() {
        let top = TOP + LANE * at as f64;
        pen.line([0.0, WIDTH, top, top], LINE, 1.0, false);
        let trace = match row {
            Row::Trace(at) => timeline.traces.get(*at),
            _ => None,
        };
        let Some(trace) = trace else {
            pen.text(12.0, top + 22.0, &row_name(timeline, row), INK, "font-weight=\"600\"");
            counts(pen, timeline, row, range, top);
            continue;
        };
        pen.text(12.0, top + 20.0, &name_of(trace), INK, "font-weight=\"600\"");
        pen.text(12.0, top + 36.0, &short_keys(&trace.keys), QUIET, "font-size=\"11\"");
        let lane = lane(timeline, trace, range, PLOT);
        marks(pen, &lane, top);
        let tone = colour(lane.tone);
        let anchor = if lane.words.is_before { "end" } else { "start" };
        let style = format!("text-anchor=\"{anchor}\" font-weight=\"600\"");
        let base = top + 38.0 + lane.words.drop;
        pen.text(LABEL + lane.words.text, base, &trace.outcome, tone, &style);
    }
    bottom + 12.0
}

fn marks(pen: &mut Pen, lane: &Lane, top: f64) {
    if lane.off != 0 {
        return;
    }
    let y = top + 34.0;
    let within = |x: f64| LABEL + x.clamp(0.0, PLOT);
    if let Some(bracket) = &lane.bracket {
        let (from, to) = (within(bracket.from), within(bracket.to));
        pen.line([from, to, top + 12.0, top + 12.0], QUIET, 1.0, bracket.is_open);
        pen.line([from, from, top + 8.0, top + 18.0], QUIET, 1.0, false);
        if !bracket.is_open {
            pen.line([to, to, top + 8.0, top + 18.0], QUIET, 1.0, false);
        }
        let style = "text-anchor=\"middle\" font-size=\"10\"";
        pen.text(f64::midpoint(from, to), top + 9.0, &bracket.label, QUIET, style);
    }
    for slot in &lane.slots {
        let (from, to) = (within(slot.from), within(slot.to));
        let fill = match slot.tone() {
            Tone::Missing => "none".to_owned(),
            tone => format!("url(#{})", tone.name()),
        };
        let is_open = slot.tone() == Tone::Missing;
        pen.rect([from, y - 6.0, to - from, 12.0], &fill, colour(slot.tone()), is_open);
    }
    for link in &lane.links {
        let (from, to) = (within(link.from), within(link.to));
        pen.line([from, to, y, y], colour(link.tone), 2.0, link.is_dashed);
    }
    if let Some((from, to)) = lane.late {
        pen.line([within(from), within(to), y, y], FAILS, 3.5, false);
    }
    for mark in lane.marks.iter().filter(|mark| (0.0..=PLOT).contains(&mark.x)) {
        let (fill, ink) = match mark.tone {
            Tone::Holds => (HOLDS, PAPER),
            tone => (PAPER, colour(tone)),
        };
        let half = if mark.word.len() > 2 { 12.0 } else { 8.0 };
        let x = LABEL + mark.x;
        let is_dashed = mark.tone == Tone::Missing;
        pen.rect([x - half, y - 8.0, 2.0 * half, 16.0], fill, colour(mark.tone), is_dashed);
        let style = "text-anchor=\"middle\" font-size=\"11\" font-weight=\"600\"";
        pen.text(x, y + 4.0, &mark.word, ink, style);
    }
}

/// Bars of what is too much, or too plain, to be drawn mark by mark.
fn counts(pen: &mut Pen, timeline: &Timeline, row: &Row, range: Range, top: f64) {
    for bar in bars(timeline, row, range, PLOT, LANE) {
        let ink = colour(bar.tone);
        let fill = if bar.tone == Tone::Fails { PAPER } else { ink };
        pen.rect([LABEL + bar.x, top + bar.y, bar.wide, bar.high], fill, ink, false);
    }
}

/// Keys and filters of a sample, as a table.
fn groups(pen: &mut Pen, timeline: &Timeline) -> f64 {
    let step = (WIDTH - 2.0 * LABEL - 24.0) / timeline.stages.len().max(1) as f64;
    let x = |at: usize| 12.0 + 2.0 * LABEL + step * at as f64;
    pen.text(12.0, TOP, &timeline.keys.join(" \u{b7} "), QUIET, "");
    for (at, stage) in timeline.stages.iter().enumerate() {
        pen.text(x(at), TOP, &format!("{} {}", stage.number, stage.label), QUIET, "");
    }
    for (at, group) in timeline.groups.iter().enumerate() {
        let y = TOP + CELL * (at + 1) as f64;
        pen.line([0.0, WIDTH, y - 16.0, y - 16.0], LINE, 1.0, false);
        pen.text(12.0, y, &short_keys(&group.keys), INK, "");
        for (at, found) in group.filters.iter().enumerate() {
            let ids: Vec<&str> = found.events.iter().map(|event| event.id.as_str()).collect();
            let (ink, text) = match (ids.is_empty(), group.samples.is_empty()) {
                (true, _) => (MISSING, "none".to_owned()),
                (_, true) => (INK, ids.join(" ")),
                (_, false) => (HOLDS, ids.join(" ")),
            };
            pen.text(x(at), y, &text, ink, "");
        }
    }
    TOP + CELL * (timeline.groups.len() + 1) as f64
}

fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Holds => HOLDS,
        Tone::Fails => FAILS,
        Tone::Missing => MISSING,
        Tone::Neutral => QUIET,
    }
}

fn hatch(name: &str, colour: &str) -> String {
    format!(
        "<pattern id=\"{name}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path d=\"M0 0V6\" stroke=\"{colour}\" \
         stroke-width=\"2.4\"/></pattern>"
    )
}

/// What XML has no other way to write; characters it cannot hold at all become `?`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in crate::state::text::visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[derive(Default)]
struct Pen {
    out: String,
}

impl Pen {
    fn text(&mut self, x: f64, y: f64, text: &str, ink: &str, more: &str) {
        if !text.is_empty() {
            let text = escaped(text);
            self.out +=
                &format!("<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{ink}\" {more}>{text}</text>");
        }
    }

    /// From the first x and y to the second ones.
    fn line(&mut self, [x1, x2, y1, y2]: [f64; 4], ink: &str, wide: f64, is_dashed: bool) {
        let dash = dash(is_dashed);
        self.out += &format!(
            "<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"{ink}\" stroke-width=\"{wide}\"{dash}/>"
        );
    }

    /// At x and y, so wide and so high.
    fn rect(&mut self, [x, y, w, h]: [f64; 4], fill: &str, ink: &str, is_dashed: bool) {
        let (dash, w) = (dash(is_dashed), w.max(1.0));
        self.out += &format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"{fill}\" \
             stroke=\"{ink}\"{dash}/>"
        );
    }
}

fn dash(is_dashed: bool) -> &'static str {
    if is_dashed { " stroke-dasharray=\"4 3\"" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::timeline::rows::rows;
    use crate::state::timeline::tests::{systemd, tracks};

    fn drawn(timeline: &Timeline, title: &str) -> String {
        let rows = rows(timeline, false, None);
        let range = Range::around(timeline.start_ms, timeline.end_ms);
        svg(timeline, &rows, range, title)
    }

    #[test]
    fn it_stands_alone_and_says_what_it_is() {
        let mut timeline = systemd();
        timeline.traces[0].label = "<b>&\u{202e}\"\u{7}".to_owned();
        let text = drawn(&timeline, "A & <script>");
        assert!(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
        assert!(text.contains("<title>A &amp; &lt;script&gt;</title>"), "{text}");
        assert!(text.contains("&lt;b&gt;&amp;\u{27e8}U+202E\u{27e9}&quot;?"));
        assert!(text.contains("1 matched of 6 partial sequences, maxspan 5 s, 1970-"), "{text}");
        assert!(!text.contains("<script") && !text.contains("href") && !text.contains("var("));
        assert_eq!(text.matches("<text").count(), text.matches("</text>").count());
    }

    #[test]
    fn every_form_has_a_drawing() {
        let event = drawn(&tracks(), "An event rule");
        assert!(event.contains("2 matches, ") && event.contains(">web-01<"), "{event}");
        let sample = Timeline { form: QueryForm::Sample, ..Timeline::default() };
        assert!(drawn(&sample, "A sample").contains("0 samples from 0 keys"));
    }
}
