//! Long shared data in props.

use std::ops::Deref;
use std::rc::Rc;

/// Compares by address alone. `Rc<str>` and `Rc<[T]>` compare letter by letter, even where both
/// are the same; for a text of many megabytes that would cost every redrawing a frame.
#[derive(Debug)]
pub struct ByPointer<T: ?Sized>(pub Rc<T>);

impl<T: ?Sized> Clone for ByPointer<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: ?Sized> PartialEq for ByPointer<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> Deref for ByPointer<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> From<&Rc<T>> for ByPointer<T> {
    fn from(shared: &Rc<T>) -> Self {
        Self(Rc::clone(shared))
    }
}

impl Default for ByPointer<[u8]> {
    fn default() -> Self {
        Self(Rc::default())
    }
}
