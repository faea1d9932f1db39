//! Time: the next frame, settling, long runs, saving.

use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;

use crate::effects::Report;
use crate::protocol::RunId;
use crate::state::Msg;
use crate::state::timeline::TimelineMsg;

const LONG_RUN_MS: u32 = 2_000;
const SAVE_MS: u32 = 250;
/// A step of the play-head; the second for those who asked their system for less motion.
const PLAY_MS: [u32; 2] = [800, 2_500];

/// The running timers; each is replaced by the next of its kind.
pub struct Timers {
    report: Report,
    frame: Option<AnimationFrame>,
    settle: Option<Timeout>,
    watch: Option<Timeout>,
    save: Option<Timeout>,
    play: Option<Timeout>,
}

impl Timers {
    /// No timer runs yet.
    #[must_use]
    pub fn new(report: Report) -> Self {
        Self { report, frame: None, settle: None, watch: None, save: None, play: None }
    }

    /// Reports [`Msg::Settled`] after `ms`, or in the next frame.
    pub fn settle(&mut self, run: RunId, ms: u32) {
        let report = Rc::clone(&self.report);
        self.frame = None;
        self.settle = None;
        let is_hidden = web_sys::window()
            .and_then(|window| window.document())
            .is_some_and(|document| document.hidden());
        if ms == 0 && !is_hidden {
            self.frame = Some(request_animation_frame(move |_| report(Msg::Settled(run))));
        } else {
            // A hidden tab has no frames.
            self.settle = Some(Timeout::new(ms, move || report(Msg::Settled(run))));
        }
    }

    /// Reports [`Msg::RunGrewLong`] after two seconds.
    pub fn watch(&mut self, run: RunId) {
        let report = Rc::clone(&self.report);
        self.watch = Some(Timeout::new(LONG_RUN_MS, move || report(Msg::RunGrewLong(run))));
    }

    /// Reports [`TimelineMsg::Ticked`] after the time of a step.
    pub fn play_soon(&mut self) {
        let report = Rc::clone(&self.report);
        let query = web_sys::window()
            .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok()?);
        let [usual, slow] = PLAY_MS;
        let ms = if query.is_some_and(|query| query.matches()) { slow } else { usual };
        self.play = Some(Timeout::new(ms, move || report(Msg::Timeline(TimelineMsg::Ticked))));
    }

    /// Reports [`Msg::SaveDue`] when nothing was edited for a moment.
    pub fn save_soon(&mut self) {
        let report = Rc::clone(&self.report);
        self.save = Some(Timeout::new(SAVE_MS, move || report(Msg::SaveDue)));
    }
}
