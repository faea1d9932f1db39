//! The events of an event query in time: matches, near misses and what was searched, host by host.

use crate::desk::{Desk, Run};
use crate::plan::NodeId;
use crate::sort;
use crate::store::Bits;
use crate::wire::timeline::{Point, Standing, Track};

/// Most hosts with a track of their own; the rest share one.
const MAX_HOSTS: usize = 11;

/// Most points of a standing. Of searched events there are points for all or for none: a part of
/// them would say nothing.
const MAX_POINTS: [u32; 3] = [5_000, 5_000, 2_000];

/// The tracks, hosts with most matches first; `matches` after pipes. `span_ms` is what the slices
/// divide.
pub(super) fn tracks(
    desk: &Desk,
    run: &Run,
    matches: &[u32],
    (start_ms, end_ms): (i64, i64),
    slices: usize,
) -> Vec<Track> {
    let of = |events: &mut dyn Iterator<Item = u32>| {
        let mut bits = Bits::none(desk.store.n_events());
        events.for_each(|event| bits.set(event));
        bits
    };
    let matched = of(&mut matches.iter().copied());
    // What fits and was cut off by a pipe misses nothing. What fits and is not searched does.
    let misses =
        |event: &u32| !run.found.searched.get(*event) || !run.recording.holds(NodeId(0), *event);
    let near = of(&mut run.near.iter().copied().filter(misses));
    let standing = |event: u32| {
        if matched.get(event) {
            Some(Standing::Matches)
        } else if near.get(event) {
            Some(Standing::Near)
        } else {
            run.found.searched.get(event).then_some(Standing::Searched)
        }
    };
    let timed = || {
        run.order.iter().filter_map(|&event| {
            let time = desk.store.time(run.plan.time(), event)?;
            Some((event, time.millis(), standing(event)?))
        })
    };
    let hosts = desk.store.column("host.name");
    let n_hosts = hosts.map_or(0, |hosts| hosts.dictionary().count());
    // Events that name no host come last.
    let host = |event: u32| {
        let code = hosts.and_then(|hosts| hosts.codes_of(event).first());
        code.map_or(n_hosts, |code| code.0 as usize)
    };
    let mut counts = vec![[0_u32; 3]; n_hosts + 1];
    for (event, _, standing) in timed() {
        let Some([matched, near, searched]) = counts.get_mut(host(event)) else { continue };
        *matched += u32::from(standing == Standing::Matches);
        *near += u32::from(standing == Standing::Near);
        *searched += u32::from(run.found.searched.get(event));
    }
    let mut ranked: Vec<usize> = (0..counts.len()).collect();
    ranked.retain(|at| counts.get(*at).is_some_and(|counts| counts != &[0; 3]));
    sort::by(&mut ranked, |one, two| {
        let key = |at: &usize| (*at == n_hosts, std::cmp::Reverse(counts.get(*at)));
        key(one).cmp(&key(two))
    });
    let is_folded = ranked.len() > MAX_HOSTS + 1;
    let own = if is_folded { MAX_HOSTS } else { ranked.len() };
    let mut track_of = vec![own; counts.len()];
    let mut tracks: Vec<Track> = Vec::new();
    for (at, &code) in ranked.iter().enumerate() {
        if at <= own {
            tracks.push(Track { density: vec![0; slices], ..Track::default() });
        }
        let (Some(track), Some([matched, near, searched])) = (tracks.last_mut(), counts.get(code))
        else {
            continue;
        };
        if let Some(slot) = track_of.get_mut(code) {
            *slot = at.min(own);
        }
        track.hosts += u32::from(code < n_hosts);
        track.matched += matched;
        track.near += near;
        track.searched += searched;
        if at < own {
            let name = hosts.and_then(|hosts| hosts.dictionary().nth(code));
            track.host = name.map(|name| name.to_string()).unwrap_or_default();
        }
    }
    let total = tracks.iter().map(|track| track.searched).sum::<u32>();
    let [matches, near_misses, others] = MAX_POINTS;
    let mut left = [matches, near_misses, if total > others { 0 } else { others }];
    let span = end_ms.abs_diff(start_ms).max(1) as f64;
    for (event, time_ms, standing) in timed() {
        let track = track_of.get(host(event)).and_then(|at| tracks.get_mut(*at));
        let Some(track) = track else { continue };
        let at = time_ms.saturating_sub(start_ms).max(0) as f64 / span * (slices - 1) as f64;
        if let Some(slice) = track.density.get_mut(at as usize) {
            *slice += u32::from(run.found.searched.get(event));
        }
        if let Some(left) = left.get_mut(standing as usize).filter(|left| **left > 0) {
            *left -= 1;
            track.points.push(Point { event, id: desk.store.id(event), time_ms, standing });
        }
    }
    tracks
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

    use crate::desk::Desk;
    use crate::wire::timeline::{Standing, Track};

    /// One process event a line; second, name, host where it is not empty.
    fn tracks(events: &[(usize, &str, String)], query: &str) -> Vec<Track> {
        let mut lines = String::new();
        for (second, name, host) in events {
            let host = match host.as_str() {
                "" => String::new(),
                host => format!(r#","host":{{"name":"{host}"}}"#),
            };
            lines.push_str(&format!(
                r#"{{"@timestamp":{},"event":{{"category":"process"}},"process":{{"name":"{name}"}}{host}}}"#,
                1_767_225_600_000 + second * 1000
            ));
            lines.push('\n');
        }
        let mut desk = Desk::new();
        desk.load(&lines);
        assert!(desk.run(query, &|| 0.0).result.is_some());
        desk.timeline().tracks
    }

    const QUERY: &str = r#"process where process.name == "a" and true"#;

    #[test]
    fn hosts_with_matches_come_first_and_events_without_a_host_last() {
        let host = |name: &str| name.to_owned();
        let events =
            [(0, "b", host("")), (1, "b", host("x")), (2, "a", host("y")), (3, "a", host("y"))];
        let all = tracks(&events, &format!("{QUERY} | head 1"));
        let told: Vec<_> = all
            .iter()
            .map(|track| {
                (track.host.as_str(), track.hosts, track.matched, track.near, track.searched)
            })
            .collect();
        assert_eq!(told, [("y", 1, 1, 0, 2), ("x", 1, 0, 1, 1), ("", 0, 0, 1, 1)]);
        let points: Vec<_> =
            all[0].points.iter().map(|point| (point.event, point.standing)).collect();
        assert_eq!(points, [(2, Standing::Matches), (3, Standing::Searched)], "a pipe cut it off");
        assert_eq!(all[0].density.iter().sum::<u32>(), 2);
    }

    #[test]
    fn many_hosts_are_folded_and_many_events_are_only_counted() {
        let events: Vec<_> = (0..2_500).map(|at| (at, "b", format!("host-{}", at % 20))).collect();
        let all = tracks(&events, r#"process where process.name == "a" and process.name == "c""#);
        assert_eq!(all.len(), 12);
        assert_eq!((all[11].host.as_str(), all[11].hosts, all[11].searched), ("", 9, 9 * 125));
        assert_eq!(all.iter().map(|track| track.searched).sum::<u32>(), 2_500);
        assert!(all.iter().all(|track| track.points.is_empty()));
        let matches = tracks(&events, "process where true");
        assert_eq!(matches.iter().map(|track| track.points.len()).sum::<usize>(), 2_500);
    }
}
