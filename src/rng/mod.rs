//! Counter-based random numbers: each is a pure function of (seed, object; chain, draw, purpose,
//! index).

mod stream;
mod threefry;

pub use stream::Stream;
pub(crate) use threefry::CONSTANTS;
pub use threefry::threefry4x32;
use threefry::threefry4x32_lanes;

use crate::number::lanes::Lanes;
use crate::number::simd::{fused, vectorised};
use crate::number::special::normal_quantile;

/// Number of normal numbers computed side by side.
const LANES: usize = 8;

/// Offset basis of the 64-bit FNV-1a hash (Fowler, Noll & Vo; RFC 9923).
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
/// Prime of the 64-bit FNV-1a hash (same source).
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
/// Bits of a uniform number: k + ½ with k < 2⁵² is exact in f64 and never 0 or 2⁵².
const UNIFORM_BITS: u32 = 52;

/// 64-bit FNV-1a hash of the bytes of a string, the same on every machine.
const fn fnv1a(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = FNV_OFFSET;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(FNV_PRIME);
        i += 1;
    }
    hash
}

/// Purpose of a random number, from its name: FNV-1a folded to 32 bits. The numbers of one purpose
/// do not depend on the others.
pub const fn purpose(name: &str) -> u32 {
    let hash = fnv1a(name);
    (hash ^ (hash >> 32)) as u32
}

/// Key of the random numbers of one object under one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u32; 4]);

impl Key {
    /// Key of the object named `object_id` under `seed`: the low and high word of the seed, then
    /// those of the FNV-1a hash of the name.
    pub const fn new(seed: u64, object_id: &str) -> Self {
        let object = fnv1a(object_id);
        Self([seed as u32, (seed >> 32) as u32, object as u32, (object >> 32) as u32])
    }

    /// Four words of the key, for a kernel.
    pub const fn words(&self) -> [u32; 4] {
        self.0
    }
}

/// Uniform number in the open interval (0, 1), on a grid of 2⁻⁵², symmetric about ½.
#[inline(always)]
pub fn uniform(key: &Key, chain: u32, draw: u32, purpose: u32, index: u32) -> f64 {
    let words = threefry4x32([chain, draw, purpose, index], key.0);
    uniform_of(words[0], words[1])
}

/// Uniform numbers of several purposes and indices side by side, equal to those of [`uniform`].
pub(crate) fn uniforms<const N: usize>(
    key: &Key,
    chain: u32,
    draw: u32,
    purposes: [u32; N],
    indices: [u32; N],
) -> [f64; N] {
    fused(
        #[inline(always)]
        || uniform_lanes(key, [[chain; N], [draw; N], purposes, indices]),
    )
}

/// Uniform numbers of several chains, draws, purposes and indices side by side, equal to those of
/// [`uniform`]; compiled for the instruction set of the caller.
#[inline(always)]
pub(crate) fn uniform_lanes<const N: usize>(key: &Key, counters: [[u32; N]; 4]) -> [f64; N] {
    let words = threefry4x32_lanes(counters, key.0);
    let mut out = [0.0; N];
    for lane in 0..N {
        out[lane] = uniform_of(words[0][lane], words[1][lane]);
    }
    out
}

/// Standard normal numbers of several chains, draws, purposes and indices side by side, equal to
/// those of [`normal`].
#[inline(always)]
pub(crate) fn normal_lanes<const N: usize>(key: &Key, counters: [[u32; N]; 4]) -> Lanes<f64, N> {
    normal_quantile(Lanes(uniform_lanes(key, counters)))
}

/// Uniform number from two random words, the low word first.
#[inline(always)]
fn uniform_of(low: u32, high: u32) -> f64 {
    let bits = (u64::from(high) << 32 | u64::from(low)) >> (u64::BITS - UNIFORM_BITS);
    (bits as f64 + 0.5) / (1_u64 << UNIFORM_BITS) as f64
}

/// Standard normal numbers of several purposes at one index, equal to those of [`normal`].
pub fn normals(key: &Key, chain: u32, draw: u32, purposes: &[u32], index: u32, out: &mut [f64]) {
    vectorised(
        #[inline(always)]
        || {
            for (purposes, out) in purposes.chunks(LANES).zip(out.chunks_mut(LANES)) {
                let mut of_lane = [0; LANES];
                of_lane[..purposes.len()].copy_from_slice(purposes);
                let z = normal_lanes(key, [[chain; LANES], [draw; LANES], of_lane, [index; LANES]]);
                out.copy_from_slice(&z.0[..out.len()]);
            }
        },
    );
}

/// Standard normal number: Φ⁻¹ of [`uniform`] with the same arguments, within ±8.2.
pub fn normal(key: &Key, chain: u32, draw: u32, purpose: u32, index: u32) -> f64 {
    let p = uniform(key, chain, draw, purpose, index);
    fused(
        #[inline(always)]
        || normal_quantile(p),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_matches_published_values() {
        // Test vectors of RFC 9923.
        assert_eq!(fnv1a(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn every_part_of_the_address_matters() {
        const NOISE: u32 = purpose("noise:T_low");
        let here = uniform(&Key::new(1, "a"), 2, 3, NOISE, 4);
        let others = [
            uniform(&Key::new(1 + (1 << 32), "a"), 2, 3, NOISE, 4),
            uniform(&Key::new(1, "b"), 2, 3, NOISE, 4),
            uniform(&Key::new(1, "a"), 3, 3, NOISE, 4),
            uniform(&Key::new(1, "a"), 2, 4, NOISE, 4),
            uniform(&Key::new(1, "a"), 2, 3, purpose("noise:T_high"), 4),
            uniform(&Key::new(1, "a"), 2, 3, NOISE, 5),
        ];
        assert!(others.iter().all(|&other| other != here), "{here} {others:?}");
        assert_eq!(here, uniform(&Key::new(1, "a"), 2, 3, NOISE, 4));
    }

    #[test]
    fn normals_side_by_side_are_those_one_by_one() {
        let key = Key::new(5, "normals");
        let purposes: Vec<u32> = (0..21).map(|i| purpose(&format!("noise:{i}"))).collect();
        for draw in 0..200 {
            let mut found = vec![0.0; purposes.len()];
            normals(&key, 3, draw, &purposes, draw % 3, &mut found);
            let single = purposes.iter().map(|&purpose| normal(&key, 3, draw, purpose, draw % 3));
            assert_eq!(found, single.collect::<Vec<f64>>());
        }
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let key = Key::new(42, "moments");
        let n = 40_000;
        let z: Vec<f64> = (0..n)
            .map(|i| normal(&key, 0, i / 200, purpose("test"), i % 200))
            .collect();
        let u: Vec<f64> = (0..n)
            .map(|i| uniform(&key, 1, i / 200, purpose("test"), i % 200))
            .collect();
        let mean = |f: &dyn Fn(f64) -> f64, v: &[f64]| v.iter().map(|&x| f(x)).sum::<f64>() / f64::from(n);
        // Four standard errors of each mean.
        let tolerance = |variance: f64| 4.0 * (variance / f64::from(n)).sqrt();
        assert!(mean(&|x| x, &z).abs() < tolerance(1.0));
        assert!((mean(&|x| x * x, &z) - 1.0).abs() < tolerance(2.0));
        assert!((mean(&|x| x.powi(4), &z) - 3.0).abs() < tolerance(96.0));
        assert!((mean(&|x| x, &u) - 0.5).abs() < tolerance(1.0 / 12.0));
        assert!(u.iter().all(|&x| x > 0.0 && x < 1.0));
        let lagged = z.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / f64::from(n);
        assert!(lagged.abs() < tolerance(1.0));
    }
}
