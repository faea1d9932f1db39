//! The world outside the state: worker, store, clock, clipboard, address, document.
//!
//! Orders come from `update` as [`Effect`]s; whatever comes of them goes back as a [`Msg`].

use std::rc::Rc;

pub mod address;
pub mod clipboard;
pub mod document;
pub mod files;
pub mod storage;
pub mod timer;
pub mod worker_client;

use crate::state::boot::{Boot, Example};
use crate::state::draft::link_key;
use crate::state::{Effect, Msg};

/// Takes messages back to the state.
pub type Report = Rc<dyn Fn(Msg)>;

/// Everything that is alive outside the state.
pub struct World {
    report: Report,
    worker: worker_client::WorkerClient,
    timers: timer::Timers,
    _listeners: document::Listeners,
}

impl World {
    /// Starts worker, timers and listeners.
    #[must_use]
    pub fn new(report: Report) -> Self {
        Self {
            worker: worker_client::WorkerClient::new(Rc::clone(&report)),
            timers: timer::Timers::new(Rc::clone(&report)),
            _listeners: document::Listeners::new(&report),
            report,
        }
    }

    /// Carries out one order.
    pub fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Ask(request) => self.worker.ask(&request),
            Effect::Respawn => self.worker.respawn(),
            Effect::Settle { run, ms } => self.timers.settle(run, ms),
            Effect::Watch(run) => self.timers.watch(run),
            Effect::PlaySoon => self.timers.play_soon(),
            Effect::SaveSoon => self.timers.save_soon(),
            Effect::WriteDraft(draft) => self.said(storage::write_draft(&draft)),
            Effect::WriteAside(draft) => self.said(storage::write_aside(&draft)),
            Effect::WriteLinkEdits { key, edits } => {
                self.said(storage::write_link_edits(&key, &edits));
            }
            Effect::ApplyTheme(theme) => {
                document::apply_theme(theme);
                self.said(storage::write_theme(theme));
            }
            Effect::KeepTab(tab) => storage::write_tab(tab),
            Effect::ClearAddress => address::clear(),
            Effect::Copy(text) => clipboard::copy(text, Rc::clone(&self.report)),
            Effect::SaveFile { name, mime, text } => files::save(&name, mime, &text),
            Effect::Focus(place) => document::focus(place),
            Effect::PickFile => document::pick_file(),
        }
    }

    fn said(&self, written: Result<(), String>) {
        (self.report)(match written {
            Err(why) => Msg::StoreRefused(why),
            Ok(()) => Msg::StoreTook,
        });
    }
}

/// What the page finds when it starts.
#[must_use]
pub fn boot(examples: &'static [Example]) -> Boot {
    let fragment = address::fragment();
    let link_edits =
        fragment.as_deref().and_then(|fragment| storage::read_link_edits(&link_key(fragment)));
    Boot {
        base: address::base(),
        fragment,
        link_edits,
        stored: storage::read_draft(),
        aside: storage::read_aside(),
        tab: storage::read_tab(),
        theme: storage::read_theme(),
        system_theme: document::system_theme(),
        examples,
    }
}
