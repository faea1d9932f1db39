//! Callbacks that tell the page one thing, whatever the event was. They share their code: each
//! closure that is made a callback has copies of the library's of its own.

use yew::prelude::*;

use crate::state::Msg;

/// Makes callbacks of one that takes messages.
pub trait Tells {
    /// Tells this.
    fn tell<E: 'static>(&self, msg: fn() -> Msg) -> Callback<E>;

    /// Tells what is made of the value.
    fn tell_of<E: 'static, A: Copy + 'static>(&self, of: A, msg: fn(A) -> Msg) -> Callback<E>;
}

impl Tells for Callback<Msg> {
    #[inline(never)]
    fn tell<E: 'static>(&self, msg: fn() -> Msg) -> Callback<E> {
        self.reform(move |_| msg())
    }

    #[inline(never)]
    fn tell_of<E: 'static, A: Copy + 'static>(&self, of: A, msg: fn(A) -> Msg) -> Callback<E> {
        self.reform(move |_| msg(of))
    }
}
