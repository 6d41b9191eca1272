//! Units and UCDs of the columns, as FITS has them.

use super::rows::{LIMIT, SUFFIXES};
use crate::abundance;
use crate::line::Ion;

/// Names of coordinates, redshifts and identifiers in the catalogues of SDSS, DESI, MaNGA, Gaia and
/// VizieR, in lower case.
const RIGHT_ASCENSIONS: [&str; 6] = ["ra", "target_ra", "ra_deg", "radeg", "raj2000", "ra_icrs"];
const DECLINATIONS: [&str; 6] = ["dec", "target_dec", "dec_deg", "dedeg", "dej2000", "de_icrs"];
const REDSHIFTS: [&str; 4] = ["z", "redshift", "zspec", "z_spec"];
const IDENTIFIERS: [&str; 12] = [
    "targetid",
    "specobjid",
    "specobj_id",
    "objid",
    "mangaid",
    "plateifu",
    "source_id",
    "plate",
    "fiber",
    "fiberid",
    "id",
    "name",
];

/// The unit of a parameter or derived quantity, empty for a pure number; metals are 12 + log₁₀(X/H).
pub(super) fn unit_of(name: &str) -> &'static str {
    match name {
        _ if name.starts_with("n_") => "cm-3",
        "log_ne" => "dex(cm-3)",
        "cHbeta" => "dex",
        "a_H" | "a_He" => "Angstrom",
        "He_H" | "Y" => "",
        _ if name.starts_with("T_") => "K",
        _ if abundance::NAMES.contains(&name) || name.parse().is_ok_and(Ion::is_metal) => "dex",
        _ => "",
    }
}

/// `TUNIT` of a column of results; none for pure numbers and for logarithms, of which FITS has no unit.
pub(super) fn unit(column: &str) -> Option<String> {
    let (quantity, _) = split(column)?;
    let unit = unit_of(quantity);
    (!unit.is_empty() && !unit.starts_with("dex")).then(|| unit.to_owned())
}

/// `TUCD` of a column of results: UCD1+ (IVOA, controlled vocabulary 1.5); none where no word fits.
pub(super) fn ucd(column: &str) -> Option<String> {
    if let Some((quantity, statistic)) = split(column) {
        return Some(format!("{};{}", of_quantity(quantity)?, of_statistic(statistic)));
    }
    let word = match column {
        "object" => "meta.id;meta.main",
        "chi2" => "stat.fit.chi2",
        "n_lines" | "n_parameters" | "n_divergent" | "n_gradients" => "meta.number",
        "status" => "meta.code.status",
        "flags" => "meta.code.qual",
        "reason" => "meta.note",
        _ if column.starts_with("snr_") => "stat.snr;spect.line",
        _ if column.ends_with("_outside") => "stat.probability",
        _ => return None,
    };
    Some(word.to_owned())
}

/// `TUCD` of kept columns, by name without regard to case; none for a name that is no usual
/// identifier. The first right ascension and the first declination are the main ones.
pub(super) fn ucds_of_identifiers<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Option<&'static str>> {
    let (mut first_ra, mut first_dec) = (true, true);
    let mut word = |name: &str| {
        let name = name.to_ascii_lowercase();
        let among = |known: &[&str]| known.contains(&name.as_str());
        Some(match () {
            _ if among(&RIGHT_ASCENSIONS) && std::mem::take(&mut first_ra) => "pos.eq.ra;meta.main",
            _ if among(&RIGHT_ASCENSIONS) => "pos.eq.ra",
            _ if among(&DECLINATIONS) && std::mem::take(&mut first_dec) => "pos.eq.dec;meta.main",
            _ if among(&DECLINATIONS) => "pos.eq.dec",
            _ if among(&REDSHIFTS) => "src.redshift",
            _ if among(&IDENTIFIERS) => "meta.id",
            _ => return None,
        })
    };
    names.map(&mut word).collect()
}

/// A column of results as quantity and statistic.
fn split(column: &str) -> Option<(&str, &str)> {
    let (quantity, statistic) = column.rsplit_once('_')?;
    (statistic == LIMIT || SUFFIXES.contains(&statistic)).then_some((quantity, statistic))
}

fn of_quantity(name: &str) -> Option<&'static str> {
    Some(match name {
        _ if name == "log_ne" || name.starts_with("n_") => "phys.density;phys.electron",
        "cHbeta" => "phys.absorption",
        "tau" => "phys.absorption.opticalDepth",
        "a_H" | "a_He" => "spect.line.eqWidth",
        "ln_FHbeta" => "phot.flux;spect.line",
        _ if name.starts_with("T_") => "phys.temperature.electron",
        _ if abundance::NAMES.contains(&name) || name.parse::<Ion>().is_ok() => "phys.abund",
        _ => return None,
    })
}

fn of_statistic(suffix: &str) -> &'static str {
    match suffix {
        "p50" => "stat.median",
        "mean" => "stat.mean",
        "sd" => "stat.stdev",
        LIMIT => "stat.max",
        _ => "stat.percentile",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_the_files() {
        assert_eq!(
            ["T_low", "n_e", "O3", "He1", "tau", "a_He", "N_O", "Y"].map(unit_of),
            ["K", "cm-3", "dex", "", "", "Angstrom", "dex", ""]
        );
    }

    #[test]
    fn usual_identifiers_have_a_ucd() {
        let found = ucds_of_identifiers(["TARGETID", "TARGET_RA", "ra", "dec", "Z", "mass"].into_iter());
        let expected = [
            Some("meta.id"),
            Some("pos.eq.ra;meta.main"),
            Some("pos.eq.ra"),
            Some("pos.eq.dec;meta.main"),
            Some("src.redshift"),
            None,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn columns_have_the_ucd_of_their_quantity_and_statistic() {
        let found = [
            "T_low_p50",
            "O_H_sd",
            "He2_limit95",
            "He1_p2p5",
            "n_e_mean",
            "object",
            "rhat_max",
        ]
        .map(ucd);
        let expected = [
            Some("phys.temperature.electron;stat.median"),
            Some("phys.abund;stat.stdev"),
            Some("phys.abund;stat.max"),
            Some("phys.abund;stat.percentile"),
            Some("phys.density;phys.electron;stat.mean"),
            Some("meta.id;meta.main"),
            None,
        ];
        assert_eq!(found.each_ref().map(Option::as_deref), expected);
        assert_eq!([unit("T_low_sd"), unit("O_H_sd")], [Some("K".to_owned()), None]);
    }
}
