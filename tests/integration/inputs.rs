//! The formats that catalogues come in, each from real rows or from files that another program
//! wrote.

use std::path::{Path, PathBuf};

use nebulium::error::Result;
use nebulium::table::{self, Catalogue, Entry, Format, Measurement, Object, Settings};

use crate::galaxies::Fixture;
use crate::program::{file, nebulium, scratch};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn read_with(path: &Path, settings: &Settings) -> Result<Catalogue> {
    table::read(path, &Fixture::get().set.list, settings)
}

fn read(path: &Path) -> Catalogue {
    read_with(path, &Settings::default()).unwrap()
}

fn settings(toml: &str) -> Settings {
    toml::from_str(toml).unwrap()
}

/// A catalogue of a text, written to the file `name` of a scratch directory.
fn text(name: &str, text: &str, toml: &str) -> Result<Catalogue> {
    read_with(&file(&scratch(&format!("inputs_{name}")), name, text), &settings(toml))
}

fn objects(catalogue: &Catalogue) -> Vec<&Object> {
    let fitted = catalogue.entries.iter().map(|entry| match entry {
        Entry::Fit(object) => object,
        Entry::Rejected { id, reasons, .. } => panic!("{id}: {reasons:?}"),
    });
    fitted.collect()
}

fn line<'a>(object: &'a Object, label: &str) -> &'a Measurement {
    let found = object
        .measurements
        .iter()
        .find(|measurement| measurement.line.label == label);
    found.unwrap_or_else(|| panic!("no {label} in {}", object.id))
}

fn labels(measurement: &Measurement) -> Vec<&str> {
    let lines = &Fixture::get().set.list.lines;
    measurement
        .line
        .members
        .iter()
        .map(|&member| lines[member].label.as_str())
        .collect()
}

/// The reasons of all rejected objects.
fn reasons(catalogue: &Catalogue) -> String {
    let reasons = catalogue.entries.iter().flat_map(|entry| match entry {
        Entry::Fit(_) => &[],
        Entry::Rejected { reasons, .. } => &reasons[..],
    });
    reasons.map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn warnings(catalogue: &Catalogue) -> String {
    let said: Vec<String> = catalogue.warnings.iter().map(ToString::to_string).collect();
    said.join("\n")
}

/// data/shoc579.csv was keyed by hand from this log, to four or five digits.
#[test]
fn a_log_of_lime_2_gives_what_was_keyed_by_hand() {
    let log = read(&fixture("lime230.txt"));
    assert_eq!(log.format, Format::Lime);
    let by_hand = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/shoc579.csv"));
    let (log_object, hand) = (objects(&log)[0], objects(&by_hand)[0]);
    assert_eq!(log_object.id, "lime230");
    assert!((log_object.hbeta.flux / 112.22e-17 - 1.0).abs() < 1e-3);
    assert!((log_object.hbeta.ew.unwrap() / hand.hbeta.ew.unwrap() - 1.0).abs() < 1e-3);
    let mut compared = 0;
    for measurement in &log_object.measurements {
        let same = hand
            .measurements
            .iter()
            .find(|known| known.line.members == measurement.line.members);
        let Some(known) = same else { continue };
        let label = &measurement.line.label;
        assert!((measurement.flux / known.flux - 1.0).abs() < 1e-3, "{label}");
        assert!((measurement.flux_err / known.flux_err - 1.0).abs() < 0.01, "{label}");
        // By hand: flux over continuum; LiMe integrates the ratio where a line stands by itself.
        assert!(
            (measurement.ew.unwrap() / known.ew.unwrap() - 1.0).abs() < 0.1,
            "{label}"
        );
        compared += 1;
    }
    assert_eq!(compared, 16);
    let doublet = line(log_object, "O2_3726A").flux + line(log_object, "O2_3729A").flux;
    assert!(
        (doublet / line(hand, "O2_3726A_m").flux - 1.0).abs() < 0.06,
        "{doublet}"
    );
    let said = warnings(&log);
    for expected in [
        "H1_3704A (row 3), Fe3_4925A_m (row 17)",
        "absorption",
        "Fe3_4658A (row 11)",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn a_log_of_lime_0_9_gives_the_same_lines() {
    let (old, new) = (read(&fixture("lime0959.txt")), read(&fixture("lime230.txt")));
    let (old_object, new_object) = (objects(&old)[0], objects(&new)[0]);
    for measurement in &old_object.measurements {
        let same = new_object
            .measurements
            .iter()
            .find(|known| known.line.members == measurement.line.members);
        let known = same.unwrap_or_else(|| panic!("{} only in the old log", measurement.line.label));
        // The two measurements differ by up to 8 % in strong lines, Hβ's components alone by 13 %.
        if known.flux > 0.05 {
            assert!(
                (measurement.flux / known.flux - 1.0).abs() < 0.08,
                "{}",
                measurement.line.label
            );
        }
    }
    assert_eq!(old_object.measurements.len(), new_object.measurements.len());
    // 9.679002e-16 + 1.521576e-16; 1.234149e-17 and 1.184254e-17 in quadrature.
    assert!((old_object.hbeta.flux - 1.120_057_8e-15).abs() < 1e-22);
    assert!((old_object.hbeta.flux_err - 1.710_433e-17).abs() < 1e-22);
    assert_eq!(labels(line(old_object, "O2_7319A_m")), ["O2_7319A", "O2_7320A"]);
    assert_eq!(labels(line(old_object, "Ne3_3968A_m")), ["Ne3_3968A", "H1_3970A"]);
    assert!(line(old_object, "N2_5755A").flux < 0.0 && line(old_object, "N2_5755A").ew.is_none());
    let flags: Vec<String> = old_object.flags.iter().map(ToString::to_string).collect();
    assert!(
        flags.contains(&"read_as:H1_3970A=Ne3_3968A+H1_3970A".to_owned()),
        "{flags:?}"
    );
}

#[test]
fn a_log_in_csv_is_the_log_in_text() {
    let plain = std::fs::read_to_string(fixture("lime230.txt")).unwrap();
    let row = |row: &str| row.split_whitespace().collect::<Vec<_>>().join(",");
    let mut rows = plain.lines().filter(|row| !row.starts_with('#'));
    let csv = format!(",{}\n", row(rows.next().unwrap())) + &rows.map(|text| row(text) + "\n").collect::<String>();
    let (csv, plain) = (text("log.csv", &csv, "").unwrap(), read(&fixture("lime230.txt")));
    let fluxes = |catalogue: &Catalogue| -> Vec<(String, f64, f64)> {
        let lines = objects(catalogue)[0].measurements.iter();
        lines
            .map(|line| (line.line.label.clone(), line.flux, line.flux_err))
            .collect()
    };
    assert_eq!(fluxes(&csv), fluxes(&plain));
    assert_eq!(objects(&csv)[0].id, "log");
}

#[test]
fn a_log_in_fits_is_an_object_a_table() {
    let catalogue = read(&fixture("lime.fits"));
    let found = objects(&catalogue);
    assert_eq!(
        found.iter().map(|object| object.id.as_str()).collect::<Vec<_>>(),
        ["38-35_LINELOG", "38-36_LINELOG"]
    );
    let text = read(&fixture("lime230.txt"));
    assert_eq!(found[0].hbeta.flux, objects(&text)[0].hbeta.flux);
    assert_eq!(found[1].hbeta.flux, 0.5 * found[0].hbeta.flux);
    assert_eq!(
        line(found[0], "H1_6563A").flux,
        line(objects(&text)[0], "H1_6563A").flux
    );
}

/// Rows of SpecSy's own example (github.com/Vital-Fernandez/specsy): [O II] 7319 there sums two of
/// four lines.
#[test]
fn the_members_of_a_merged_line_are_those_of_its_log() {
    let rows = "  wavelength  intg_flux  intg_flux_err particle  group_label norm_line ion\n\
                O2_3726A_m 3726.0300 5.481967 0.109639 O2 O2_3726A+O2_3729A H1_4861A O2\n\
                H1_4861A 4861.2582 1.000014 0.020000 H1 none H1_4861A H1\n\
                O2_7319A_m 7318.8124 0.063924 0.001278 O2 O2_7319A+O2_7330A H1_4861A O2\n";
    let catalogue = text("specsy.txt", rows, "").unwrap();
    let object = objects(&catalogue)[0];
    assert_eq!(labels(line(object, "O2_7319A_m")), ["O2_7319A", "O2_7330A"]);
    assert_eq!(labels(line(object, "O2_3726A_m")), ["O2_3726A", "O2_3729A"]);
}

#[test]
fn a_component_that_the_log_lacks_is_said() {
    let plain = std::fs::read_to_string(fixture("lime230.txt")).unwrap();
    let cut: String = plain
        .lines()
        .filter(|row| !row.starts_with("H1_4861A_k-1"))
        .map(|row| format!("{row}\n"))
        .collect();
    let said = warnings(&text("cut.txt", &cut, "").unwrap());
    assert!(
        said.contains("H1_4861A of object `cut` was fitted with H1_4861A_k-1"),
        "{said}"
    );
}

/// Rows of K932 (Esteban et al. 2009, ApJ 700, 654), Hβ = 100, dereddened.
const K932: &str = "#Extragalactic HII region\n3721.83 2.7 0.1\n3726.03 65 1\n3728.82 78 1\n3889.05 19.4 0.3\n4267.15 0.22 0.06\n\
    4363.21 0.95 0.07\n4861.33 100 1\n5006.84 283 3\n6562.82 293 10\n7318.39 0.34 0.02\n7319.99 1.06 0.06\n";

#[test]
fn a_list_of_neat_is_read_by_wavelength() {
    let catalogue = text("k932.dat", K932, "").unwrap();
    assert_eq!(catalogue.format, Format::Neat);
    let object = objects(&catalogue)[0];
    assert_eq!(object.id, "k932");
    assert_eq!(
        (line(object, "O3_5007A").flux, line(object, "O3_5007A").flux_err),
        (2.83, 0.03)
    );
    assert_eq!(labels(line(object, "H1_3889A_m")), ["H1_3889A", "He1_3889A"]);
    assert_eq!(labels(line(object, "O2_7319A")), ["O2_7319A"]);
    let said = warnings(&catalogue);
    assert!(said.contains("within 0.6 Å: 4267.15 (row 6)"), "{said}");
    assert!(
        said.contains("nothing tells which line") && said.contains("3721.83 (row 2)"),
        "{said}"
    );
    // Where one of a pair is listed, it is the pair.
    let catalogue = text("half.dat", &K932.replace("7319.99 1.06 0.06\n", ""), "").unwrap();
    assert_eq!(
        labels(line(objects(&catalogue)[0], "O2_7319A_m")),
        ["O2_7319A", "O2_7320A"]
    );
}

#[test]
fn a_list_leaves_out_what_it_repeats_or_did_not_measure_and_says_so() {
    let rows = K932.replace(
        "4267.15 0.22 0.06",
        "4921.93 0.045 0.01\n4921.93 1.07 0.02\n5754.60 0.00 0.00",
    );
    let catalogue = text("smc.dat", &rows, "").unwrap();
    let object = objects(&catalogue)[0];
    let has = |label: &str| object.measurements.iter().any(|m| m.line.label == label);
    assert!(!has("He1_4922A") && !has("N2_5755A") && has("O3_4363A"));
    let said = warnings(&catalogue);
    assert!(
        said.contains("more than once") && said.contains("4921.93 (row 6), 4921.93 (row 7)"),
        "{said}"
    );
    assert!(said.contains("not measured: 5754.60 (row 8)"), "{said}");
}

/// Rows of NGC 6543 in the manner of NEAT's own example; four columns are observed and rest
/// wavelength, flux, error.
#[test]
fn blends_columns_and_vacuum_of_a_list() {
    let rows = "3882.19 0.039 0.0117\n3882.45 * *\n4363.21 1.748 0.1748\n4711.37 0.72 0.072\n4713.17 * *\n\
                4861.33 100.0 5\n6562.77 303.2 15.16\n6563.5 * *\n7318.92 1.55 0.155\n7319.99 * *\n";
    let catalogue = text("ngc6543.dat", rows, "").unwrap();
    let object = objects(&catalogue)[0];
    assert_eq!(labels(line(object, "Ar4_4711A_m")), ["Ar4_4711A", "He1_4713A"]);
    assert_eq!(labels(line(object, "O2_7319A_m")), ["O2_7319A", "O2_7320A"]);
    assert_eq!(object.measurements.len(), 3);
    assert!(warnings(&catalogue).contains("blended with a line that the emissivities do not hold: 6562.77 (row 7)"));
    let four = "4362.9 4363.21 1.748 0.1748\n4861.0 4861.33 100.0 5\n";
    assert_eq!(
        line(objects(&text("four.dat", four, "").unwrap())[0], "O3_4363A").flux,
        0.01748
    );
    let vacuum = "4364.44 1.748 0.1748\n4862.69 100.0 5\n5008.24 400 5\n";
    assert_eq!(
        line(objects(&text("vac.dat", vacuum, "").unwrap())[0], "O3_5007A").flux,
        4.0
    );
    assert!(matches!(
        text("air.dat", vacuum, "vacuum = false").unwrap().entries[0],
        Entry::Rejected { .. }
    ));
}

/// Rows of 30 Doradus (Tsamis et al. 2003, MNRAS 338, 687), which gives no errors.
#[test]
fn a_list_without_errors_asks_for_them() {
    let rows = "#from Tsamis et al., 2003\n4363.21   3.030\n4861.33   100.000\n5006.84   518.000\n";
    let said = reasons(&text("30doradus.dat", rows, "").unwrap());
    assert!(said.ends_with("row 2: no errors of the fluxes: give them in a column, or --flux-error FRACTION (flux_error in [catalogue])"), "{said}");
    let catalogue = text("30doradus.dat", rows, "flux_error = 0.05").unwrap();
    let line = line(objects(&catalogue)[0], "O3_5007A");
    assert!((line.flux_err - 0.05 * 5.18).abs() < 1e-15, "{}", line.flux_err);
}

#[test]
fn the_tables_of_pyneb_are_read() {
    let rows = "LINE A B\ncHbeta 0.3 0.4\nH1r_4861A 100 100\nO3_5007A 300 400\nO3_5007Ae 0.05 0.1\nH1r_4861Ae 0.02 0.02\n\
                O2_3727A+ 150 160\nO2_3727A+e 0.1 0.1\nS2_6725A+ 20 30\nS2_6725A+e 0.1 0.1\nXx_1A 1 1\n";
    let columns =
        "LINE A errA\ncHbeta 0.3 0\nH1r_4861A 100 0.02\nO3_5007A 300 0.05\nO2_3727A+ 150 0.1\nS2_6725A+ 20 0.1\n";
    let cols = "NAME cHbeta H1r_4861A H1r_4861Ae O3_5007A O3_5007Ae O2_3727A+ O2_3727A+e S2_6725A+ S2_6725A+e\n\
                A 0.3 100 0.02 300 0.05 150 0.1 20 0.1\n";
    for (name, rows, ids) in [
        ("rows.dat", rows, vec!["A", "B"]),
        ("errs.dat", columns, vec!["A"]),
        ("cols.dat", cols, vec!["A"]),
    ] {
        let catalogue = text(name, rows, "").unwrap();
        assert_eq!(catalogue.format, Format::Pyneb, "{name}");
        let found = objects(&catalogue);
        assert_eq!(
            found.iter().map(|object| object.id.as_str()).collect::<Vec<_>>(),
            ids,
            "{name}"
        );
        let oxygen = line(found[0], "O3_5007A");
        assert_eq!((oxygen.flux, oxygen.flux_err), (3.0, 0.15), "{name}");
        assert_eq!(labels(line(found[0], "O2_3726A_m")), ["O2_3726A", "O2_3729A"], "{name}");
        assert_eq!(labels(line(found[0], "S2_6716A_m")), ["S2_6716A", "S2_6731A"], "{name}");
        assert!(warnings(&catalogue).contains("`cHbeta` is not used"), "{name}");
    }
    let said = reasons(&text("plain.dat", "LINE A\nH1r_4861A 100\nO3_5007A 300\n", "").unwrap());
    assert!(said.contains("row 2: no errors of the fluxes"), "{said}");
}

/// A table in the layout of MPA-JHU's galSpecLine, written by astropy 8.0.2 with made-up numbers.
#[test]
fn a_survey_in_fits_is_read_by_its_pattern() {
    let catalogue = read(&fixture("mpa_jhu.fits"));
    assert_eq!(catalogue.format, Format::MpaJhu);
    let Entry::Rejected { id, reasons, .. } = &catalogue.entries[2] else {
        panic!("Hβ of the third is noise")
    };
    assert_eq!(id, "267-51630-1");
    assert!(
        reasons[0]
            .to_string()
            .contains("is not detected: its flux is 1.00 times its error, expected 3 or more")
    );
    let [Entry::Fit(first), Entry::Fit(second), _] = &catalogue.entries[..] else {
        panic!("two are fitted")
    };
    assert_eq!((first.id.as_str(), first.hbeta.ew), ("266-51630-407", Some(45.5)));
    assert_eq!(
        (line(first, "O3_5007A").flux, line(first, "O3_5007A").flux_err),
        (5.0, 0.05)
    );
    assert_eq!(labels(line(first, "O2_3726A")), ["O2_3726A"]);
    assert_eq!(line(second, "O3_4363A").flux, -0.5 / 80.0);
    // Error −1 and NaN are its signs for a line that was not measured.
    let found: Vec<&str> = second
        .measurements
        .iter()
        .map(|line| line.line.label.as_str())
        .collect();
    assert_eq!(
        found,
        ["O2_3726A", "O2_3729A", "O3_4363A", "O3_5007A", "H1_6563A", "S2_6716A"]
    );
    assert!(
        warnings(&catalogue).contains("not read: SIGMA_BALMER"),
        "{}",
        warnings(&catalogue)
    );
    let ecsv = read(&fixture("mpa_jhu.ecsv"));
    assert_eq!(
        (ecsv.format, line(objects(&ecsv)[0], "O3_5007A").flux),
        (Format::MpaJhu, 5.0)
    );
}

#[test]
fn fluxes_in_two_units_are_refused() {
    let plain = std::fs::read_to_string(fixture("mpa_jhu.ecsv")).unwrap();
    let mixed = plain.replace(
        "{name: OIII_5007_FLUX, unit: 1e-17",
        "{name: OIII_5007_FLUX, unit: 1e-16",
    );
    let said = text("mixed.ecsv", &mixed, "").unwrap_err().to_string();
    assert!(
        said.contains("column `OIII_5007_FLUX` is in 1e-16 erg / (s cm2), another in 1e-17"),
        "{said}"
    );
}

#[test]
fn the_other_surveys_are_read_by_their_patterns() {
    let desi = "TARGETID,Z,OII_3726_FLUX,OII_3726_FLUX_IVAR,HBETA_FLUX,HBETA_FLUX_IVAR,HBETA_EW,OIII_5007_FLUX,OIII_5007_FLUX_IVAR,\
                OIII_4363_FLUX,OIII_4363_FLUX_IVAR,HBETA_BROAD_FLUX,HBETA_BROAD_FLUX_IVAR\n39627,0.1,90,0.25,100,4,50,400,1,0,0,3,1\n";
    let catalogue = text("desi.csv", desi, "").unwrap();
    let object = objects(&catalogue)[0];
    assert_eq!((catalogue.format, object.id.as_str()), (Format::Desi, "39627"));
    assert_eq!((object.hbeta.flux_err, object.hbeta.ew), (0.5, Some(50.0)));
    assert_eq!(line(object, "O2_3726A").flux_err, 2.0 / 100.0);
    assert_eq!(object.measurements.len(), 2);
    let hcm = "ID OII_3727 eOII_3727 OIIIa_4363 eOIIIa_4363 OIII_5007 eOIII_5007 SII_6725 eSII_6725\nx 1.5 0.1 0.08 0.01 5 0.1 0 0\n";
    let catalogue = text("hcm.txt", hcm, "").unwrap();
    let object = objects(&catalogue)[0];
    assert_eq!(
        (catalogue.format, object.hbeta.flux, object.measurements.len()),
        (Format::Hcm, 1.0, 3)
    );
    assert_eq!(labels(&object.measurements[0]), ["O2_3726A", "O2_3729A"]);
}

/// Spaxels of NGC 4047 (CALIFA Pipe3D in edge_pydb; Wong et al. 2024, ApJS 271, 35): [O I] of the
/// first is negative.
#[test]
fn spaxels_keep_their_negative_fluxes() {
    let header = "ix,iy,flux_[OII]3727,flux_Hbeta,flux_[OI]6300,flux_Halpha,e_flux_[OII]3727,e_flux_Hbeta,e_flux_[OI]6300,e_flux_Halpha,BPT\n";
    let rows = "1,34,0.2,0.5,-0.012901878,1.5,0.17,0.04,0.018872745,0.016,\n0,33,0.01831832,0.1093218,-0.012901878,0.3520638,\
                0.17119321,0.04083671,0.018872745,0.016493695,\n0,40,0.2,-0.1,0.1,0.3,0.1,0.1,0.1,0.1,\n";
    let catalogue = text("pipe3d.csv", &format!("{header}{rows}"), "").unwrap();
    assert_eq!(catalogue.format, Format::Pipe3d);
    let [
        Entry::Fit(object),
        Entry::Rejected { reasons, .. },
        Entry::Rejected { reasons: negative, .. },
    ] = &catalogue.entries[..]
    else {
        panic!("one is fitted: {:?}", catalogue.entries)
    };
    assert_eq!(object.id, "1-34");
    assert_eq!(line(object, "O1_6300A").flux, -0.012901878 / 0.5);
    assert!(
        reasons[0]
            .to_string()
            .contains("`0-33` is not detected: its flux is 2.68 times"),
        "{reasons:?}"
    );
    assert!(negative[0].to_string().contains("expected a flux > 0"), "{negative:?}");
    let lax = text("pipe3d.csv", &format!("{header}{rows}"), "hbeta_snr = 2").unwrap();
    assert!(matches!(lax.entries[1], Entry::Fit(_)));
}

/// One rule for all formats; an Hβ that stands for 1 and is not listed was never measured.
#[test]
fn an_undetected_hbeta_rejects_the_object_in_every_format() {
    let long = "object,line,flux,flux_err\na,H1_4861A,0.29,0.1\na,H1_6563A,2.9,0.1\n";
    let wide = "object,H1_4861A,H1_4861A_err,H1_6563A,H1_6563A_err\na,0.29,0.1,2.9,0.1\n";
    for rows in [long, wide] {
        let [Entry::Rejected { reasons, .. }] = &text("a.csv", rows, "").unwrap().entries[..] else {
            panic!("an undetected Hβ is fitted: {rows}")
        };
        let reason = reasons[0].to_string();
        assert!(reason.contains("its flux is 2.90 times its error"), "{reason}");
        let lax = text("a.csv", rows, "hbeta_snr = 0").unwrap();
        assert!(matches!(lax.entries[..], [Entry::Fit(_)]), "{rows}");
    }
    let implied = "object,line,flux,flux_err\na,H1_6563A,2.9,0.1\na,O3_5007A,5.1,0.1\n";
    let fitted = text("a.csv", implied, "hbeta_snr = 1e9\n[columns]\nhbeta = 1").unwrap();
    assert!(matches!(fitted.entries[..], [Entry::Fit(_)]));
}

/// A galaxy of Hsyu et al. (2020, ApJ 896, 77), whose columns have other names.
#[test]
fn columns_are_renamed_rows_left_out_and_priors_mapped() {
    let rows = "object,line,wave_vac,ratio,ratio_err,EW,commented_out,T\ns,H1_4102A,4102.891,0.1967,0.0054,5.55,0,11194\n\
                s,H1_4861A,4862.69,1,0.01,20,0,11194\ns,He1_4471A,4472.755,0.0303,0.0035,1.1,1,11194\n\
                t,H1_4861A,4862.69,1,0.01,20,0,\nt,H1_4102A,4102.891,0.2,0.01,20,0,\n";
    let toml = "ignore_columns = [\"wave_vac\"]\nskip = { commented_out = \"1\" }\n[columns]\nflux = \"ratio\"\nflux_err = \"ratio_err\"\n\
                ew = \"EW\"\npriors = { T_high = { mean = \"T\", sd = 500 } }";
    let catalogue = text("sdss.csv", rows, toml).unwrap();
    let found = objects(&catalogue);
    assert_eq!(
        (found[0].measurements.len(), found[0].measurements[0].ew),
        (1, Some(5.55))
    );
    let prior = found[0].priors["T_high"];
    assert_eq!((prior.mean, prior.sd), (Some(11194.0), Some(500.0)));
    assert!(found[1].priors.is_empty());
    assert!(warnings(&catalogue).contains("1 rows are left out, where column `commented_out` says `1`"));
}

#[test]
fn limits_and_separators() {
    let long = "object;line;flux;flux_err\na;H1_4861A;100;1\na;O3_4363A;<0.5;\na;N2_5755A;<0.4;0.1\n";
    for separator in [";", "\t"] {
        let catalogue = text("limits.csv", &long.replace(';', separator), "").unwrap();
        let lines = &objects(&catalogue)[0].measurements;
        assert!(lines.iter().all(|line| line.limit));
        assert_eq!(
            (lines[0].flux, lines[0].flux_err, lines[1].flux_err),
            (0.005, 0.0, 0.001)
        );
    }
    let wide = "name,f_h_beta,e_h_beta,f_oiii_4363,e_oiii_4363\na,100,1,0.5,-1\n";
    let toml =
        "format = \"wide\"\n[columns]\nobject = \"name\"\nflux = \"f_{line}\"\nerror = \"e_{line}\"\nlimit_error = -1";
    let catalogue = text("marked.csv", wide, toml).unwrap();
    let marked = &objects(&catalogue)[0].measurements[0];
    assert_eq!((marked.limit, marked.flux, marked.flux_err), (true, 0.005, 0.0));
}

#[test]
fn broken_files_are_errors_and_never_panics() {
    let whole = std::fs::read(fixture("mpa_jhu.fits")).unwrap();
    let directory = scratch("inputs_broken");
    let path = directory.join("broken");
    let try_bytes = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        read_with(&path, &Settings::default())
    };
    for length in (0..whole.len()).step_by(487) {
        assert!(
            try_bytes(&whole[..length]).is_err() || length > whole.len() - 2880,
            "{length}"
        );
    }
    // Every card of the header damaged in turn, and numbers made huge.
    for byte in (2880..5760).step_by(13) {
        let mut bytes = whole.clone();
        bytes[byte] = b'9';
        let _ = try_bytes(&bytes);
        bytes[byte] = 0xff;
        let _ = try_bytes(&bytes);
    }
    let noise: Vec<u8> = (0_u32..6000)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    assert!(try_bytes(&noise).is_err());
    assert!(try_bytes(&[b"SIMPLE  =                    T".as_slice(), &noise].concat()).is_err());
    assert!(try_bytes(&[&[0x1f, 0x8b], &noise[..]].concat()).is_err());
    for text in [
        "",
        "\n",
        "   \n",
        "1 2 3",
        "* * *\n",
        "LINE\n",
        "NAME H1_4861A\n",
        " wavelength intg_flux intg_flux_err\n",
        "# %ECSV 1.0\n",
    ] {
        assert!(
            try_bytes(text.as_bytes()).is_err_and(|error| error.to_string().contains("broken")) || text == "1 2 3",
            "{text:?}"
        );
    }
    for text in [
        "intg_flux,label,intg_flux_err\nx\n",
        "wavelength intg_flux intg_flux_err\nH1_4861A 1 x y\n",
        "4861.33 100 1\n5006.84 * *\n",
    ] {
        assert!(
            matches!(
                try_bytes(text.as_bytes()).unwrap().entries[..],
                [Entry::Rejected { .. }]
            ),
            "{text:?}"
        );
    }
}

#[test]
fn init_writes_a_configuration_that_reads_the_catalogue() {
    let directory = scratch("init");
    let (list, out) = (file(&directory, "k932.dat", K932), directory.join("nebulium.toml"));
    let run = nebulium("init", &[&list, Path::new("--out"), &out]);
    assert_eq!(run.code, 0, "{}", run.err);
    let written = std::fs::read_to_string(&out).unwrap();
    for expected in [
        "\nformat = \"neat\"",
        "# H1_3889A_m = \"H1_3889A+He1_3889A\"",
        "# chains = 8",
        "#   lines: ",
    ] {
        assert!(written.contains(expected), "{expected}: {written}");
    }
    let mut config = nebulium::config::Config::default();
    config.catalogue.format = Format::Neat;
    assert_eq!(
        nebulium::config::Config::read(&out).unwrap().canonical(),
        config.canonical()
    );
    let check = nebulium("check", &[&list, Path::new("--config"), &out]);
    assert_eq!(check.code, 0, "{}", check.err);
    assert_eq!(nebulium("init", &[&list, Path::new("--out"), &out]).code, 2);
    assert_eq!(nebulium("init --force", &[&list, Path::new("--out"), &out]).code, 0);
}

#[test]
fn several_files_are_one_catalogue() {
    let directory = scratch("inputs_several");
    let (a, b) = (file(&directory, "a.dat", K932), file(&directory, "b.dat", K932));
    let run = nebulium("check", &[&a, &b, &a]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("2 objects would be fitted, 1 rejected"), "{}", run.out);
    assert!(run.out.contains("a.dat already, expected each once"), "{}", run.out);
}
