//! Damaged files and arbitrary bytes are read or refused, and nothing panics.

use proptest::collection::vec;
use proptest::prelude::*;

use super::fits_file::{WIDE, extension, primary, row};
use super::*;

/// Changed bytes, each by its position in the file as a fraction of the length, and the position of
/// a cut, likewise.
type Damage = (Vec<(f64, u8)>, f64);

fn damage() -> impl Strategy<Value = Damage> {
    let cut = prop_oneof![3 => Just(1.0), 1 => 0.0..1.0];
    (vec((0.0..1.0, byte()), 1..6), cut)
}

/// Any byte, most often a byte that occurs in headers.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![2 => any::<u8>(), 2 => b'0'..=b'9', 1 => b'A'..=b'Z', 1 => Just(b'\''), 1 => Just(b'-')]
}

fn damaged(whole: &[u8], (bytes, cut): &Damage) -> Vec<u8> {
    let place = |fraction: f64| (fraction * whole.len() as f64) as usize;
    let mut damaged = whole.to_vec();
    bytes.iter().for_each(|(at, byte)| damaged[place(*at)] = *byte);
    damaged.truncate(place(*cut));
    damaged
}

/// Reads the bytes in the recognised format, and as the first table of a survey.
fn try_bytes(bytes: &[u8]) {
    for format in [Format::Auto, Format::Desi] {
        let settings = Settings {
            format,
            ..Settings::default()
        };
        drop(parse_bytes(bytes, &settings, None));
    }
}

/// A binary and an ASCII table with every keyword that is read, in few bytes.
fn fits() -> Vec<u8> {
    let numbers = [1.0, 0.1, 5.0, 0.1, 0.1, 0.01];
    let cards = [
        ("TSCAL2", "1.0"),
        ("TZERO2", "0.0"),
        ("TNULL2", "-9"),
        ("TDIM2", "'(1)'"),
        ("TUNIT2", "'erg'"),
    ];
    let binary = extension(
        "BINTABLE",
        "B",
        &WIDE,
        &cards,
        &[row("a", &numbers), row("b", &numbers)],
    );
    let columns = [("object", "A4"), ("H1_4861A", "F4.1"), ("H1_4861A_err", "E8.1")];
    let cards = [("TBCOL1", "1"), ("TBCOL2", "5"), ("TBCOL3", "9"), ("TNULL2", "'-9'")];
    let ascii = extension("TABLE", "A", &columns, &cards, &[b"a    1.0 1.0E-01".to_vec()]);
    [primary(), binary, ascii].concat()
}

/// Damages bytes of `whole` that are neither blank nor NUL.
fn in_cards(whole: &[u8], damage: &Damage) -> Vec<u8> {
    let full: Vec<usize> = (0..whole.len()).filter(|&at| !matches!(whole[at], b' ' | 0)).collect();
    let mut damaged = whole.to_vec();
    for (at, byte) in &damage.0 {
        damaged[full[(at * full.len() as f64) as usize]] = *byte;
    }
    damaged
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_fits_never_panics(damage in damage()) {
        let whole = fits();
        try_bytes(&damaged(&whole, &damage));
        try_bytes(&in_cards(&whole, &damage));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(byte(), 0..6000)) {
        for magic in [&b"SIMPLE  =                    T"[..], b"PAR1", &[0x1f, 0x8b, 8], b""] {
            try_bytes(&[magic, &bytes].concat());
        }
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn damaged_parquet_never_panics(damage in damage()) {
        try_bytes(&damaged(&parquet::wide(2, 40), &damage));
    }
}
