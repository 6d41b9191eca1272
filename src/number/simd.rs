//! Choice of the instruction set: code is compiled for several, and the widest of the processor is
//! taken at run time.

use std::sync::atomic::{AtomicU8, Ordering};

/// Runs `work` compiled for the widest vectors of this processor: AVX-512, AVX2 with FMA, or what
/// every processor of its architecture has. Results are the same bits with each of them. `work`
/// must be inlined (`#[inline(always)] ||`) with all that it calls, else it is compiled without
/// them.
#[inline(always)]
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,bmi2")]
        fn avx512<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        if widest() == Simd::Avx512 {
            // SAFETY: the processor has what the function is compiled for.
            return unsafe { avx512(work) };
        }
    }
    fused(work)
}

/// Runs `work` as [`vectorised`] does, but never with AVX-512: for work that fills no more than a
/// vector of AVX2, and needs its fused products.
#[inline(always)]
pub(crate) fn fused<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2,fma,bmi2")]
        fn avx2<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        if widest() != Simd::Portable {
            // SAFETY: as above.
            return unsafe { avx2(work) };
        }
    }
    work()
}

/// An instruction set, the narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Simd {
    /// Base of the architecture, which every processor has.
    Portable,
    /// AVX2 with FMA.
    Avx2,
    /// AVX-512 (F, DQ, BW, VL).
    Avx512,
}

/// Mark of [`IN_USE`] before the processor was asked.
const NOT_ASKED: u8 = u8::MAX;
/// The instruction set in use, as the number of its variant. It is never one that the processor
/// lacks.
static IN_USE: AtomicU8 = AtomicU8::new(NOT_ASKED);

/// The widest instruction set in use: the widest of the processor, unless [`restrict_to`] said
/// less.
#[inline]
pub fn widest() -> Simd {
    match IN_USE.load(Ordering::Relaxed) {
        0 => Simd::Portable,
        1 => Simd::Avx2,
        2 => Simd::Avx512,
        _ => restrict_to(Simd::Avx512),
    }
}

/// Restricts this program to an instruction set, or to the widest narrower one that the processor
/// has, and returns the one that is in use from now on. Tests compare the sets, since each of them
/// gives the same bits; no result needs this function.
#[cold]
pub fn restrict_to(set: Simd) -> Simd {
    let in_use = set.min(detected());
    IN_USE.store(in_use as u8, Ordering::Relaxed);
    in_use
}

/// The widest instruction set that this processor has and the program uses.
pub(crate) fn detected() -> Simd {
    #[cfg(target_arch = "x86_64")]
    {
        let common = std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("fma")
            && std::arch::is_x86_feature_detected!("bmi2");
        let avx512 = std::arch::is_x86_feature_detected!("avx512f")
            && std::arch::is_x86_feature_detected!("avx512dq")
            && std::arch::is_x86_feature_detected!("avx512bw")
            && std::arch::is_x86_feature_detected!("avx512vl");
        match (common, avx512) {
            (true, true) => return Simd::Avx512,
            (true, false) => return Simd::Avx2,
            _ => {}
        }
    }
    Simd::Portable
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    /// Results of `work` with each instruction set of this processor, the narrowest first. One
    /// caller at a time restricts the program; other tests run on, since their results are the same
    /// bits.
    pub(crate) fn with_each_set<R>(mut work: impl FnMut() -> R) -> Vec<(Simd, R)> {
        static ALONE: Mutex<()> = Mutex::new(());
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let all = [Simd::Portable, Simd::Avx2, Simd::Avx512];
        let mut results = Vec::new();
        for set in all.into_iter().filter(|set| *set <= detected()) {
            assert_eq!(restrict_to(set), set);
            results.push((set, work()));
        }
        restrict_to(Simd::Avx512);
        results
    }

    #[test]
    fn a_restricted_program_uses_the_set_that_was_asked_for() {
        for (set, in_use) in with_each_set(widest) {
            assert_eq!(in_use, set);
        }
        with_each_set(|| ());
        assert!(restrict_to(Simd::Avx512) <= detected());
    }
}
