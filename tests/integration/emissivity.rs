//! The shipped emissivities against the surface they were made from and against PyNeb at its own
//! nodes.

use std::path::Path;

use nebulium::emissivity::Set;
use nebulium::line::Line;

/// Bound on the spline within 7–25 kK, 1–10⁴ cm⁻³ \[%\].
const USED_BOUND: f64 = 0.1;
/// Bound on the spline elsewhere within 5–25 kK, 1–10⁵ cm⁻³ \[%\].
const WIDE_BOUND: f64 = 0.5;
/// Bound on the surface at PyNeb's own nodes \[%\].
const NODES_BOUND: f64 = 0.1;
/// Figures in the manifest have two digits.
const ROUNDING: f64 = 1.06;
/// The fixtures' values have ten decimals \[%\].
const DECIMALS: f64 = 100.0 * std::f64::consts::LN_10 * 0.5e-10;

fn data(relative: &str) -> String {
    format!("{}/{relative}", env!("CARGO_MANIFEST_DIR"))
}

/// (label, T, n_e, log₁₀ ratio) of a fixture.
fn points(name: &str) -> Vec<(String, f64, f64, f64)> {
    let text = std::fs::read_to_string(data(&format!("tests/fixtures/{name}"))).unwrap();
    let mut points = Vec::new();
    for row in text.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let number = |index: usize| fields[index].parse::<f64>().unwrap_or_else(|_| panic!("{row}"));
        points.push((fields[0].to_owned(), number(1), number(2), number(3)));
    }
    points
}

/// Departure of the spline from a value \[%\].
fn error(set: &Set, (label, t, n_e, expected): &(String, f64, f64, f64)) -> f64 {
    let ratio = set.log10_ratio(&set.list.resolve(label, &[]).unwrap(), *t, *n_e);
    100.0 * (10f64.powf(ratio - expected) - 1.0).abs()
}

#[test]
fn the_spline_keeps_each_lines_bounds() {
    let set = Set::built_in().unwrap();
    let points = points("emissivity_points.csv");
    for point in &points {
        let (label, t, n_e, _) = point;
        let provenance = &set.provenance[set.list.position(label).unwrap()];
        let used = (7e3..=25e3).contains(t) && (1.0..=1e4).contains(n_e);
        let stated = if used {
            provenance.error_spline_used
        } else {
            provenance.error_spline_wide
        };
        let error = error(&set, point);
        assert!(
            error <= stated * ROUNDING + DECIMALS,
            "{label} at {t} K, {n_e} cm⁻³: {error} %, stated {stated} %"
        );
    }
    let covered = set
        .list
        .lines
        .iter()
        .all(|line| points.iter().any(|point| point.0 == line.label));
    assert!(covered, "a line without a point");
}

#[test]
fn the_spline_agrees_with_pyneb_at_its_own_nodes() {
    let set = Set::built_in().unwrap();
    for point in points("emissivity_pyneb.csv") {
        let provenance = &set.provenance[set.list.position(&point.0).unwrap()];
        let (error, bound) = (
            error(&set, &point),
            NODES_BOUND + provenance.error_spline_wide * ROUNDING,
        );
        assert!(error <= bound, "{point:?}: {error} % > {bound} %");
    }
}

#[test]
fn the_manifests_figures_are_within_the_bounds() {
    let set = Set::built_in().unwrap();
    for (line, provenance) in set.list.lines.iter().zip(&set.provenance) {
        assert!(provenance.error_pyneb_nodes <= NODES_BOUND, "{}: nodes", line.label);
        assert!(
            provenance.error_spline_used <= USED_BOUND,
            "{}: used {}",
            line.label,
            provenance.error_spline_used
        );
        assert!(
            provenance.error_spline_wide <= WIDE_BOUND,
            "{}: wide {}",
            line.label,
            provenance.error_spline_wide
        );
        assert!(
            provenance.levels.is_some() || provenance.transition.is_some(),
            "{}: no transition",
            line.label
        );
        assert!(
            !provenance.data.is_empty() && !provenance.references.is_empty(),
            "{}: no source",
            line.label
        );
    }
}

#[test]
fn the_directory_and_the_built_in_set_are_one() {
    let read = Set::read(Path::new(&data("data/emissivities/pyneb23"))).unwrap();
    let built_in = Set::built_in().unwrap();
    assert_eq!((&read.name, &read.hash), (&built_in.name, &built_in.hash));
    assert_eq!(read.name, "pyneb23");
    same_rows(&read, &built_in);
}

/// Rounded and truncated labels, in air and in vacuum, all find their line, but where two lines of
/// an ion lie within 3 Å.
#[test]
fn every_line_is_found_by_labels_of_either_convention() {
    let set = Set::built_in().unwrap();
    let lines = &set.list.lines;
    let near = |a: &Line, b: &Line| a.ion == b.ion && (a.wavelength_air - b.wavelength_air).abs() < 3.0;
    let alone = |line: &&Line| line.wavelength_air < 3e4 && lines.iter().filter(|other| near(line, other)).count() == 1;
    for line in lines.iter().filter(alone) {
        for wavelength in [line.wavelength_air, line.wavelength_vac] {
            for whole in [wavelength.floor(), wavelength.round()] {
                let found = set.list.resolve(&format!("{}_{whole}A", line.ion), &[]).unwrap();
                assert_eq!(lines[found.members[0]].label, line.label, "{whole}");
            }
        }
    }
    assert!(lines.iter().filter(alone).count() > 90);
}

#[test]
fn talks_oxygen_lines_have_their_known_ratio() {
    let set = Set::built_in().unwrap();
    let log10 = |label: &str| set.log10_ratio(&set.list.resolve(label, &[]).unwrap(), 1e4, 100.0);
    // Shares of the four lines at 10⁴ K, 100 cm⁻³: 66.9 : 199.3 : 110.7 : 104.4 (PyNeb 1.1.32).
    let total = 10f64.powf(log10("O2_7325A_m"));
    for (label, share) in [
        ("O2_7319A", 66.9),
        ("O2_7320A", 199.3),
        ("O2_7330A", 110.7),
        ("O2_7331A", 104.4),
    ] {
        let expected = share / (66.9 + 199.3 + 110.7 + 104.4);
        assert!((10f64.powf(log10(label)) / total - expected).abs() < 0.001, "{label}");
    }
    let doublet = log10("O3_5008A") - log10("O3_4959A");
    assert!((10f64.powf(doublet) - 2.98).abs() < 0.03, "{doublet}"); // Storey & Zeippen 2000, MNRAS 312, 813
}

/// (set, label, T, n_e, log₁₀ ratio) of PyNeb at its own nodes.
fn alternatives() -> Vec<(String, (String, f64, f64, f64))> {
    let text = std::fs::read_to_string(data("tests/fixtures/emissivity_alternatives.csv")).unwrap();
    let mut points = Vec::new();
    for row in text.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let number = |index: usize| fields[index].parse::<f64>().unwrap_or_else(|_| panic!("{row}"));
        points.push((
            fields[0].to_owned(),
            (fields[1].to_owned(), number(2), number(3), number(4)),
        ));
    }
    points
}

/// Every other set against PyNeb with the same data: the surface goes through PyNeb's nodes, the
/// spline follows it as stated.
#[test]
fn the_other_sets_agree_with_pyneb_at_its_own_nodes() {
    let mut seen = 0;
    for name in Set::names().skip(1) {
        let set = Set::named(name).unwrap();
        let points = alternatives().into_iter().filter(|(of, _)| of == name);
        for (_, point) in points {
            let provenance = &set.provenance[set.list.position(&point.0).unwrap()];
            assert!(provenance.error_pyneb_nodes <= NODES_BOUND && provenance.error_spline_wide <= WIDE_BOUND);
            let stated = (provenance.error_pyneb_nodes + provenance.error_spline_wide) * ROUNDING + DECIMALS;
            let error = error(&set, &point);
            assert!(error <= stated, "{name}: {point:?}: {error} %, stated {stated} %");
            seen += 1;
        }
    }
    assert_eq!(seen, alternatives().len());
    assert!(seen > 100);
}

#[test]
fn mixing_by_ion_gives_the_rows_of_the_other_set() {
    let base = Set::built_in().unwrap();
    let other = Set::named("O3-AK99").unwrap();
    let o3 = "O3".parse().unwrap();
    let mixed = base.clone().with(o3, &other).unwrap();
    let mut changed = 0;
    for (place, line) in base.list.lines.iter().enumerate() {
        let (from, there) = match other.list.position(&line.label).filter(|_| line.ion == o3) {
            Some(there) => (&other, there),
            None => (&base, place),
        };
        let at = |set: &Set, place| set.ln_ratio(place, 4.123, 2.345);
        assert_eq!(at(&mixed, place), at(from, there), "{}", line.label);
        assert_eq!(mixed.provenance[place], from.provenance[there]);
        changed += usize::from(at(&mixed, place) != at(&base, place));
    }
    assert_eq!(changed, 5, "the five lines whose collision strengths were another's");
    assert_eq!(mixed.name, "pyneb23+O3=O3-AK99");
    assert!(mixed.hash.len() == 64 && mixed.hash != base.hash && mixed.hash != other.hash);
    same_rows(&base.clone().with(o3, &base).unwrap(), &base);
}

#[track_caller]
fn same_rows(found: &Set, expected: &Set) {
    assert_eq!(found.grid.rows(), expected.grid.rows());
    for row in 0..expected.grid.rows() {
        assert_eq!(found.grid.coefs(row), expected.grid.coefs(row));
        assert_eq!(found.grid.cells(row), expected.grid.cells(row));
    }
}

#[test]
fn what_cannot_be_mixed_is_refused() {
    let base = Set::built_in().unwrap();
    let message = |result: nebulium::error::Result<Set>| result.unwrap_err().to_string();
    let unknown = message(Set::named("pyneb24"));
    assert_eq!(
        unknown,
        "no emissivities are called `pyneb24`: expected one of pyneb23, He1-DZS22, O3-AK99, S2-TZ10, S3-GRHK14, or dir:PATH"
    );
    assert!(message(Set::named("dir:no/such/set")).contains("no/such/set"));
    let s3 = Set::named("S3-GRHK14").unwrap();
    let without = message(base.clone().with("O3".parse().unwrap(), &s3));
    assert_eq!(without, "emissivities S3-GRHK14 hold no line of O3: they hold H1, S3");
    let hydrogen = message(base.with("H1".parse().unwrap(), &s3));
    assert!(hydrogen.starts_with("emissivities S3-GRHK14 hold no H1_"), "{hydrogen}");
}
