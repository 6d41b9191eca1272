//! The instruction set that the environment asks for.

use super::{Failure, USAGE, during};
use crate::error::Error;
use crate::number::simd::{Simd, restrict_to};

/// Variable with the name of an instruction set, for tests of the narrower ones on one machine.
const VARIABLE: &str = "NEBULIUM_SIMD";
/// Names of the instruction sets.
const NAMES: [(&str, Simd); 3] = [
    ("portable", Simd::Portable),
    ("avx2", Simd::Avx2),
    ("avx512", Simd::Avx512),
];

/// Restricts the program to the instruction set that the environment names, if it names one.
pub(super) fn restrict() -> Result<(), Failure> {
    let Some(value) = std::env::var_os(VARIABLE) else {
        return Ok(());
    };
    let named = NAMES.iter().find(|(name, _)| value == *name);
    match named {
        Some(&(_, set)) if restrict_to(set) == set => Ok(()),
        _ => Err(during(USAGE)(Error::Setting {
            key: VARIABLE,
            value: value.to_string_lossy().into_owned(),
            expected: "portable, avx2 or avx512, one that this processor has",
        })),
    }
}
