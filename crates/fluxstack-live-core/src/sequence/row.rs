//! Items in a row, as a list and a feed hold them.
use crate::value::LiveValue;
use serde::Serialize;
use std::{collections::VecDeque, ops::Range};

/// A `Vec` or a `VecDeque`. What is asked of it moves items and drops none, so that no code of theirs runs.
pub trait Row: Default + Clone + Send + Sync + Serialize {
    /// What it holds.
    type Item: LiveValue;
    /// How many items there are.
    fn len(&self) -> usize;
    /// The item at an index that is there.
    fn item(&self, at: usize) -> &Self::Item;
    /// The same, to be changed.
    fn item_mut(&mut self, at: usize) -> &mut Self::Item;
    /// Exchanges two items.
    fn swap(&mut self, a: usize, b: usize);
    /// Takes the item at `from` out and puts it where it is at `to` afterwards.
    fn move_to(&mut self, from: usize, to: usize);
    /// Puts items before index `at`.
    fn put(&mut self, at: usize, items: impl IntoIterator<Item = Self::Item>);
    /// Takes out the items of a range.
    fn take(&mut self, range: Range<usize>) -> Vec<Self::Item>;
}

impl<T: LiveValue> Row for Vec<T> {
    type Item = T;
    fn len(&self) -> usize {
        self.len()
    }
    fn item(&self, at: usize) -> &T {
        &self[at]
    }
    fn item_mut(&mut self, at: usize) -> &mut T {
        &mut self[at]
    }
    fn swap(&mut self, a: usize, b: usize) {
        self.as_mut_slice().swap(a, b);
    }
    fn move_to(&mut self, from: usize, to: usize) {
        if from <= to {
            self[from..=to].rotate_left(1);
        } else {
            self[to..=from].rotate_right(1);
        }
    }
    fn put(&mut self, at: usize, items: impl IntoIterator<Item = T>) {
        if at == self.len() {
            self.extend(items);
        } else {
            self.splice(at..at, items);
        }
    }
    fn take(&mut self, range: Range<usize>) -> Vec<T> {
        self.drain(range).collect()
    }
}

impl<T: LiveValue> Row for VecDeque<T> {
    type Item = T;
    fn len(&self) -> usize {
        self.len()
    }
    fn item(&self, at: usize) -> &T {
        &self[at]
    }
    fn item_mut(&mut self, at: usize) -> &mut T {
        &mut self[at]
    }
    fn swap(&mut self, a: usize, b: usize) {
        self.swap(a, b);
    }
    fn move_to(&mut self, from: usize, to: usize) {
        let item = self.remove(from).expect("the item is there");
        self.insert(to, item);
    }
    fn put(&mut self, at: usize, items: impl IntoIterator<Item = T>) {
        if at == self.len() {
            return self.extend(items);
        }
        let mut behind = self.split_off(at);
        self.extend(items);
        self.append(&mut behind);
    }
    fn take(&mut self, range: Range<usize>) -> Vec<T> {
        self.drain(range).collect()
    }
}
