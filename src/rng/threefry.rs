//! Threefry 4×32 with 20 rounds: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as
//! 1, 2, 3" (SC 2011).

// Loops over indices become vectors in any context. Iterators are calls that may not be inlined.
#![allow(clippy::needless_range_loop)]

use crate::number::wgsl::shared_constants;

/// Rounds between two additions of the key. Five such groups make the paper's recommendation: 13
/// rounds pass every statistical test, 20 leave a margin.
const ROUNDS_PER_KEY: usize = 4;
shared_constants! {
    /// Parity word of the extended key, the 32-bit constant of Skein (section 4.1 of the paper).
    const PARITY: u32 = 0x1bd1_1bda;
    /// Rotation distances of the two mixed pairs, repeating every eight rounds (table 2 of the
    /// paper).
    const ROTATIONS: [[u32; 2]; 8] = [
        [10, 26],
        [11, 21],
        [13, 27],
        [23, 5],
        [6, 20],
        [17, 11],
        [25, 10],
        [18, 20],
    ];
}

/// Threefish's mixing of two words: add, rotate, exclusive or.
#[inline(always)]
fn mix<const N: usize>(a: [u32; N], b: [u32; N], rotation: u32) -> ([u32; N], [u32; N]) {
    let (mut sum, mut mixed) = (a, b);
    for lane in 0..N {
        sum[lane] = a[lane].wrapping_add(b[lane]);
        mixed[lane] = b[lane].rotate_left(rotation) ^ sum[lane];
    }
    (sum, mixed)
}

/// Adds `summand` to each of `words`.
#[inline(always)]
fn add<const N: usize>(words: &mut [u32; N], summand: u32) {
    for lane in 0..N {
        words[lane] = words[lane].wrapping_add(summand);
    }
}

/// Four rounds, with the rotations from `FIRST` on.
#[inline(always)]
fn rounds<const FIRST: usize, const N: usize>(x: &mut [[u32; N]; 4]) {
    // Odd rounds pair the words crosswise: Threefish's permutation 0 3 2 1.
    (x[0], x[1]) = mix(x[0], x[1], const { ROTATIONS[FIRST][0] });
    (x[2], x[3]) = mix(x[2], x[3], const { ROTATIONS[FIRST][1] });
    (x[0], x[3]) = mix(x[0], x[3], const { ROTATIONS[FIRST + 1][0] });
    (x[2], x[1]) = mix(x[2], x[1], const { ROTATIONS[FIRST + 1][1] });
    (x[0], x[1]) = mix(x[0], x[1], const { ROTATIONS[FIRST + 2][0] });
    (x[2], x[3]) = mix(x[2], x[3], const { ROTATIONS[FIRST + 2][1] });
    (x[0], x[3]) = mix(x[0], x[3], const { ROTATIONS[FIRST + 3][0] });
    (x[2], x[1]) = mix(x[2], x[1], const { ROTATIONS[FIRST + 3][1] });
}

/// Adds the extended key from its word `step` on, and `step` to the last word.
#[inline(always)]
fn add_key<const N: usize>(x: &mut [[u32; N]; 4], extended: &[u32; 5], step: usize) {
    for i in 0..x.len() {
        add(&mut x[i], extended[(step + i) % extended.len()]);
    }
    add(&mut x[3], step as u32);
}

/// Four random words: the encryption of `counter` under `key`.
#[inline]
pub fn threefry4x32(counter: [u32; 4], key: [u32; 4]) -> [u32; 4] {
    threefry4x32_lanes(counter.map(|word| [word]), key).map(|[word]| word)
}

/// Output of [`threefry4x32`] for N counters side by side, word by word.
#[inline(always)]
pub(crate) fn threefry4x32_lanes<const N: usize>(counters: [[u32; N]; 4], key: [u32; 4]) -> [[u32; N]; 4] {
    let extended = [
        key[0],
        key[1],
        key[2],
        key[3],
        PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3],
    ];
    let mut x = counters;
    add_key(&mut x, &extended, 0);
    rounds::<0, N>(&mut x);
    add_key(&mut x, &extended, 1);
    rounds::<ROUNDS_PER_KEY, N>(&mut x);
    add_key(&mut x, &extended, 2);
    rounds::<0, N>(&mut x);
    add_key(&mut x, &extended, 3);
    rounds::<ROUNDS_PER_KEY, N>(&mut x);
    add_key(&mut x, &extended, 4);
    rounds::<0, N>(&mut x);
    add_key(&mut x, &extended, 5);
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_random123() {
        // Random123, tests/kat_vectors, lines "threefry4x32 20".
        let digits_of_pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
        let more_digits = [0xa409_3822, 0x299f_31d0, 0x082e_fa98, 0xec4e_6c89];
        assert_eq!(
            threefry4x32([0; 4], [0; 4]),
            [0x9c6c_a96a, 0xe17e_ae66, 0xfc10_ecd4, 0x5256_a7d8]
        );
        assert_eq!(
            threefry4x32([u32::MAX; 4], [u32::MAX; 4]),
            [0x2a88_1696, 0x5701_2287, 0xf6c7_446e, 0xa16a_6732]
        );
        assert_eq!(
            threefry4x32(digits_of_pi, more_digits),
            [0x59cd_1dbb, 0xb887_9579, 0x86b5_d00c, 0xac8b_6d84]
        );
    }
}
