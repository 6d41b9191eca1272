//! Values of flags from their text.

/// A whole number of `least` or more.
pub(super) fn at_least(least: u64) -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(least..)
}

/// A name of a catalogue and its line, `NAME=LABEL`.
pub(super) fn of_line(text: &str) -> Result<(String, String), &'static str> {
    let parts = text.rsplit_once('=').map(|(name, label)| (name.trim(), label.trim()));
    let parts = parts.filter(|(name, label)| !name.is_empty() && !label.is_empty());
    let (name, label) = parts.ok_or("expected NAME=LABEL, such as HB4861=H1_4861A")?;
    Ok((name.to_owned(), label.to_owned()))
}

/// An ion and a set of emissivities, `ION=SET`.
pub(super) fn of_ion(text: &str) -> Result<(String, String), &'static str> {
    let parts = text
        .split_once('=')
        .filter(|(ion, set)| !ion.is_empty() && !set.is_empty());
    let (ion, set) = parts.ok_or("expected an ion and a set, such as O3=O3-AK99")?;
    Ok((ion.to_owned(), set.to_owned()))
}

/// A number from 0 to 1.
pub(super) fn fraction(text: &str) -> Result<f64, &'static str> {
    let value = text.parse().ok().filter(|value| (0.0..=1.0).contains(value));
    value.ok_or("expected a number from 0 to 1")
}

/// A number above 0.
pub(super) fn positive(text: &str) -> Result<f64, &'static str> {
    let value = text
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite() && *value > 0.0);
    value.ok_or("expected a number > 0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_its_line_are_parted_at_the_last_equals_sign() {
        let pair = |name: &str, label: &str| Ok((name.to_owned(), label.to_owned()));
        assert_eq!(of_line("HB4861=H1_4861A"), pair("HB4861", "H1_4861A"));
        assert_eq!(of_line("a=b = O3_5007A"), pair("a=b", "O3_5007A"));
        for wrong in ["HB4861", "=H1_4861A", "HB4861=", ""] {
            assert!(
                of_line(wrong).is_err_and(|message| message.contains("NAME=LABEL")),
                "{wrong}"
            );
        }
    }
}
