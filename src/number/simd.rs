//! Choice of the instruction set: code is compiled for several, and the widest of the processor is
//! taken at run time.

/// Runs `work` compiled for the widest vectors of this processor: AVX-512, AVX2 with FMA, or the
/// base of its architecture. Results have the same bits in each. `work` and all that it calls must
/// be inlined (`#[inline(always)] ||`), else it is compiled for the base.
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

/// Runs `work` as [`vectorised`] without AVX-512. It is for work that fills no more than a vector
/// of AVX2 and needs its fused products.
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

/// Widest instruction set in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simd {
    /// AVX-512 (F, DQ, BW, VL).
    Avx512,
    /// AVX2 with FMA.
    Avx2,
    /// Base of the architecture, which every processor has.
    Portable,
}

/// Widest instruction set that this processor has and the program uses.
#[inline]
pub fn widest() -> Simd {
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
