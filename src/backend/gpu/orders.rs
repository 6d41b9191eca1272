//! The orders that the host gives to chains on a device, and the points from which they set out.

use super::words::*;
use crate::nuts::{DrawId, Point, Settings};

/// The orders of neighbouring chains of a buffer.
pub(super) struct Orders<'a> {
    size: Size,
    orders: &'a mut [u32],
    starts: &'a mut [u32],
}

/// The order of one chain.
pub(super) struct Order<'a> {
    stride: usize,
    order: &'a mut [u32],
    start: &'a mut [u32],
}

impl<'a> Orders<'a> {
    /// The orders in these words of a buffer of `size`.
    pub(super) fn new(size: Size, orders: &'a mut [u32], starts: &'a mut [u32]) -> Self {
        Orders { size, orders, starts }
    }

    /// Splits off the orders of the first `count` chains.
    pub(super) fn take(&mut self, count: usize) -> Orders<'a> {
        let split = |words: &mut &'a mut [u32], width: usize| {
            let (first, rest) = std::mem::take(words).split_at_mut(count * width);
            *words = rest;
            first
        };
        Orders {
            size: self.size,
            orders: split(&mut self.orders, ORDER_WORDS),
            starts: split(&mut self.starts, self.size.start_words()),
        }
    }

    /// The order of each chain.
    pub(super) fn each(&mut self) -> impl Iterator<Item = Order<'_>> {
        let (stride, width) = (self.size.stride, self.size.start_words());
        let words = self
            .orders
            .chunks_exact_mut(ORDER_WORDS)
            .zip(self.starts.chunks_exact_mut(width));
        words.map(move |(order, start)| Order { stride, order, start })
    }
}

impl Order<'_> {
    /// Assigns a chain of `object`, with the purposes of its noise and the sampler's settings.
    pub(super) fn assign(&mut self, object: u32, id: &DrawId, purposes: &[u32], settings: &Settings) {
        self.order[OBJECT] = object;
        self.order[KEY..KEY + 4].copy_from_slice(&id.key.words());
        self.order[CHAIN] = id.chain;
        self.order[JITTER] = (settings.step_size_jitter as f32).to_bits();
        self.order[INDEPENDENCE] = settings.independence.into();
        self.start[START_WORDS + 2 * self.stride..][..purposes.len()].copy_from_slice(purposes);
    }

    /// Orders the draws from `next` to before `last`, with steps of `step_size`.
    pub(super) fn go_on(&mut self, (next, last): (usize, usize), step_size: f64) {
        self.order[COMMAND] = GO_ON;
        self.order[NEXT_DRAW] = next as u32;
        self.order[LAST_DRAW] = last as u32;
        self.order[STEP] = (step_size as f32).to_bits();
    }

    /// Lets a chain that goes on set out from `point`. The device's log density is `constant` less.
    pub(super) fn set_out(&mut self, point: &Point, constant: f64) {
        self.order[COMMAND] = SET_OUT;
        self.start[0] = ((point.logdensity - constant) as f32).to_bits();
        let vectors = self.start[START_WORDS..].chunks_exact_mut(self.stride);
        for (words, vector) in vectors.zip([&point.position, &point.grad]) {
            words
                .iter_mut()
                .zip(vector)
                .for_each(|(word, &x)| *word = (x as f32).to_bits());
        }
    }

    /// Lets the chain rest.
    pub(super) fn rest(&mut self) {
        self.order[COMMAND] = REST;
    }
}
