//! Objects whose rows stand anywhere in a table. Each is finished at its last row, in the order of
//! first rows.

use std::collections::{HashMap, VecDeque};

/// Unfinished objects, in the order of their first rows.
pub(crate) struct InOrder<T> {
    /// The objects, each with a mark for its last row being read.
    open: VecDeque<(T, bool)>,
    /// Number of the first open object among all objects.
    first: usize,
    /// Number of each object, by name.
    numbers: HashMap<String, usize>,
}

impl<T> InOrder<T> {
    /// An empty queue.
    pub(crate) fn new() -> InOrder<T> {
        InOrder {
            open: VecDeque::new(),
            first: 0,
            numbers: HashMap::new(),
        }
    }

    /// Object of a row. `last` marks its last row; the first row of an object `make`s it.
    pub(crate) fn get(&mut self, id: &str, last: bool, make: impl FnOnce() -> T) -> &mut T {
        let number = self.numbers.get(id).copied().unwrap_or_else(|| {
            let number = self.first + self.open.len();
            self.open.push_back((make(), false));
            self.numbers.insert(id.to_owned(), number);
            number
        });
        if last {
            self.numbers.remove(id);
        }
        let (object, complete) = &mut self.open[number - self.first];
        *complete = last;
        object
    }

    /// Next object in order, if it is complete or no rows are left.
    pub(crate) fn next(&mut self, at_end: bool) -> Option<T> {
        self.open.front().filter(|(_, complete)| *complete || at_end)?;
        self.first += 1;
        self.open.pop_front().map(|(object, _)| object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_finished_at_their_last_rows_in_the_order_of_their_first() {
        let mut objects = InOrder::new();
        let mut done = |id: &'static str, last: bool| {
            objects.get(id, last, || id);
            std::iter::from_fn(|| objects.next(false)).collect::<Vec<_>>()
        };
        assert_eq!(done("a", false), [""; 0]);
        assert_eq!(done("b", true), [""; 0]);
        assert_eq!(done("a", true), ["a", "b"]);
        assert_eq!(done("c", true), ["c"]);
        assert_eq!(done("d", false), [""; 0]);
        assert!(objects.numbers.len() == 1 && objects.next(false).is_none());
        assert_eq!(objects.next(true), Some("d"));
    }
}
