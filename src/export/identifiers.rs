//! UCDs of the kept columns of a catalogue: coordinates, redshifts and identifiers.

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
