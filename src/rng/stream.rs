//! A random number generator over one address, for users of `rand`.

use super::{Key, threefry4x32};
use rand_core::{Infallible, TryRng};

/// Words of one block of the generator.
const BLOCK: usize = 4;

/// Words of the indices 0, 1, 2, … at (key; chain, draw, purpose), one after another, through
/// `rand`'s core trait. After 2³⁴ words they repeat.
#[derive(Clone, Debug)]
pub struct Stream {
    key: Key,
    chain: u32,
    draw: u32,
    purpose: u32,
    next_index: u32,
    block: [u32; BLOCK],
    used: usize,
}

impl Stream {
    /// A stream that starts at index 0.
    pub fn new(key: Key, chain: u32, draw: u32, purpose: u32) -> Self {
        Self {
            key,
            chain,
            draw,
            purpose,
            next_index: 0,
            block: [0; BLOCK],
            used: BLOCK,
        }
    }

    fn next_word(&mut self) -> u32 {
        if self.used == BLOCK {
            self.block = threefry4x32([self.chain, self.draw, self.purpose, self.next_index], self.key.words());
            self.next_index = self.next_index.wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = self.next_word();
        Ok(u64::from(self.next_word()) << 32 | u64::from(low))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for chunk in dst.chunks_mut(size_of::<u32>()) {
            let bytes = self.next_word().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::purpose;
    use rand_core::Rng;

    #[test]
    fn words_are_the_blocks_in_order() {
        let key = Key::new(7, "stream");
        let words = || Stream::new(key, 1, 2, purpose("test"));
        let mut stream = words();
        let expected: Vec<u32> = (0..3)
            .flat_map(|i| threefry4x32([1, 2, purpose("test"), i], key.words()))
            .collect();
        let got: Vec<u32> = (0..12).map(|_| stream.next_u32()).collect();
        assert_eq!(got, expected);
        assert_eq!(
            words().next_u64(),
            u64::from(expected[1]) << 32 | u64::from(expected[0])
        );
        let mut bytes = [0; 6];
        words().fill_bytes(&mut bytes);
        assert_eq!(bytes[..4], expected[0].to_le_bytes());
        assert_eq!(bytes[4..], expected[1].to_le_bytes()[..2]);
    }

    #[test]
    fn rand_takes_it() {
        use rand::RngExt;
        let mut stream = Stream::new(Key::new(7, "stream"), 0, 0, purpose("test"));
        let throws: Vec<u32> = (0..6_000).map(|_| stream.random_range(1..=6)).collect();
        for face in 1..=6 {
            let count = throws.iter().filter(|&&t| t == face).count() as f64;
            // Binomial(6000, 1/6): four standard deviations are 115.
            assert!((count - 1_000.0).abs() < 116.0, "{face}: {count}");
        }
    }
}
