//! A small artificial set, its spline, and every refusal of a set.

use super::*;

const NT: usize = 9;
const NN: usize = 7;
const FIRST: [f64; 2] = [3.5, -0.5];
const LAST: [f64; 2] = [4.5, 6.5];
const PATH: &str = "set/manifest.toml";
const ROWS: usize = 4;

/// Node coordinates.
fn node(i: usize, j: usize) -> (f64, f64) {
    let step = |axis: usize, nodes: usize| (LAST[axis] - FIRST[axis]) / (nodes - 1) as f64;
    (FIRST[0] + i as f64 * step(0, NT), FIRST[1] + j as f64 * step(1, NN))
}

/// log₁₀ of row `row` at (log₁₀T, log₁₀n); row 2 is bilinear.
fn log10(row: usize, x: f64, y: f64) -> f64 {
    match row {
        0 => -25.0 - 0.9 * (x - 4.0),
        1 => 0.0,
        2 => 0.3 + 2.0 * (x - 4.0) - 0.05 * y + 0.4 * (x - 4.0) * y,
        _ => 1.0 - 1.3 * 10f64.powf(4.0 - x) - (1.0 + 10f64.powf(y - 3.0)).log10(),
    }
}

fn values() -> Vec<f64> {
    let at = |index: usize| {
        let (x, y) = node(index / NN % NT, index % NN);
        log10(index / (NT * NN), x, y)
    };
    (0..ROWS * NT * NN).map(at).collect()
}

/// An `.npy` file, version 1.0.
fn npy(shape: &str, values: &[f64]) -> Vec<u8> {
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
    header += &" ".repeat((64 - (11 + header.len()) % 64) % 64);
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

fn line(label: &str, ion: &str, air: f64, vac: f64) -> String {
    format!(
        "[[line]]\nlabel = \"{label}\"\nion = \"{ion}\"\nwavelength_air = {air}\nwavelength_vac = {vac}\ndata = []\n\
         references = []\nvalid_T = [5e3, 2.5e4]\nvalid_ne = [1.0, 1e6]\nerror_pyneb_nodes = 0.01\n\
         error_spline_used = 0.01\nerror_spline_wide = 0.02\n"
    )
}

fn manifest(nodes: &[u8]) -> String {
    format!(
        "format = 1\nname = \"small\"\ndescription = \"made up\"\nnodes = \"nodes.npy\"\nnodes_sha256 = \"{}\"\n[axes]\n\
         log10_T = {{ first = {:?}, last = {:?}, nodes = {NT} }}\nlog10_ne = {{ first = {:?}, last = {:?}, nodes = {NN} }}\n\
         {}{}{}[[merged]]\nlabel = \"O2_3726A_m\"\nmembers = [\"O2_3726A\", \"O2_3729A\"]\n",
        hexadecimal(&[nodes]),
        FIRST[0],
        LAST[0],
        FIRST[1],
        LAST[1],
        line("H1_4861A", "H1", 4861.33, 4862.69),
        line("O2_3726A", "O2", 3726.03, 3727.09),
        line("O2_3729A", "O2", 3728.82, 3729.88),
    )
}

fn load(text: &str, nodes: &[u8]) -> Result<Set> {
    let path = Path::new(PATH);
    Set::from_parts(
        text,
        &Manifest::parse(text, path)?,
        path,
        nodes,
        Path::new("set/nodes.npy"),
    )
}

fn set() -> Set {
    let nodes = npy("(4, 9, 7)", &values());
    load(&manifest(&nodes), &nodes).unwrap()
}

#[test]
fn the_spline_goes_through_the_nodes() {
    let set = set();
    for i in 0..NT {
        for j in 0..NN {
            let (x, y) = node(i, j);
            for row in 1..ROWS {
                let ln = set.ln_ratio(row - 1, x, y).0;
                let expected = log10(row, x, y) * std::f64::consts::LN_10;
                assert!(
                    (ln - expected).abs() < 1e-13 * expected.abs().max(10.0),
                    "{row} {i} {j}: {ln} {expected}"
                );
            }
        }
    }
}

#[test]
fn a_bilinear_function_is_reproduced_inside_and_beyond() {
    let set = set();
    for (x, y) in [
        (3.5, -0.5),
        (3.97, 2.3),
        (4.4999, 6.4999),
        (3.2, 3.0),
        (4.0, 8.0),
        (4.9, -2.0),
        (3.0, 7.0),
    ] {
        let (value, along_t, along_n) = set.ln_ratio(1, x, y);
        let ln10 = std::f64::consts::LN_10;
        assert!((value - ln10 * log10(2, x, y)).abs() < 1e-12, "{x} {y}");
        assert!((along_t - ln10 * (2.0 + 0.4 * y)).abs() < 1e-11, "{x} {y}");
        assert!((along_n - ln10 * (-0.05 + 0.4 * (x - 4.0))).abs() < 1e-12, "{x} {y}");
    }
}

/// Points inside cells, on knots, on the edges of the box and beyond them.
const POINTS: [(f64, f64); 8] = [
    (3.6, 0.1),
    (4.123, 3.3),
    (4.0, 2.0),
    (3.75, 1.8333),
    (3.5, 3.0),
    (4.5, 6.5),
    (3.3, 4.0),
    (4.7, 7.5),
];

/// Bound on the third derivatives of the artificial splines: 405 in the first cell of T, where the
/// natural end bends most.
const THIRD: f64 = 500.0;

#[test]
fn derivatives_are_those_of_the_value() {
    let set = set();
    let h = 1e-5;
    for (x, y) in POINTS {
        let value = |x: f64, y: f64| set.ln_ratio(2, x, y).0;
        let (_, along_t, along_n) = set.ln_ratio(2, x, y);
        // The error of a central difference is h²/6 times the third derivative, and rounding over
        // h.
        let bound = THIRD * h * h + 1e-14 / h;
        assert!(
            ((value(x + h, y) - value(x - h, y)) / (2.0 * h) - along_t).abs() < bound,
            "{x} {y}"
        );
        assert!(
            ((value(x, y + h) - value(x, y - h)) / (2.0 * h) - along_n).abs() < bound,
            "{x} {y}"
        );
    }
}

/// The curvatures to the left and to the right of each point agree, on knots and edges too.
#[test]
fn curvature_is_continuous() {
    let set = set();
    let h = 1e-5;
    for (x, y) in POINTS {
        let slope_t = |step: f64| set.ln_ratio(2, x + step, y).1;
        let slope_n = |step: f64| set.ln_ratio(2, x, y + step).2;
        for slope in [&slope_t as &dyn Fn(f64) -> f64, &slope_n] {
            let (left, right) = ((slope(0.0) - slope(-h)) / h, (slope(h) - slope(0.0)) / h);
            assert!((left - right).abs() < THIRD * h + 1e-12 / h, "{x} {y}: {left} {right}");
        }
    }
}

#[test]
fn rows_are_relative_to_the_reference_point() {
    let set = set();
    let stencil = set.grid.at(REFERENCE_T.log10(), REFERENCE_NE.log10());
    for row in 0..ROWS {
        assert!(set.grid.value(row, &stencil)[0].abs() < 1e-13);
    }
    assert!((set.reference[2] - std::f64::consts::LN_10 * log10(2, 4.0, 2.0)).abs() < 1e-13);
    assert!((set.reference[0] + 25.0 * std::f64::consts::LN_10).abs() < 1e-12);
}

#[test]
fn single_precision_follows_double() {
    let set = set();
    let single = set.grid.cast::<f32>();
    for (x, y) in POINTS {
        let exact = set.grid.value(3, &set.grid.at(x, y));
        let value = single.value(3, &single.at(x as f32, y as f32));
        // Coefficients reach 10, slopes 10 per cell, and the position is off by ε·x/step cells.
        assert!(
            (exact[0] - f64::from(value[0])).abs() < 100.0 * f64::from(f32::EPSILON) * 8.0,
            "{x} {y}"
        );
    }
}

#[test]
fn merged_labels_are_the_log_of_the_sum() {
    let set = set();
    let (t, n) = (12_000.0_f64, 300.0_f64);
    let one = |label: &str| 10f64.powf(set.log10_ratio(&set.list.resolve(label, &[]).unwrap(), t, n));
    let sum = set.log10_ratio(&set.list.resolve("O2_3727A_m", &[]).unwrap(), t, n);
    assert!((10f64.powf(sum) - one("O2_3726A") - one("O2_3729A")).abs() < 1e-13 * 10f64.powf(sum));
    assert!(set.log10_ratio(&set.list.resolve("H1_4861A", &[]).unwrap(), t, n).abs() < 1e-13);
}

#[test]
fn the_hash_covers_manifest_and_nodes() {
    let nodes = npy("(4, 9, 7)", &values());
    let text = manifest(&nodes);
    let other = text.replace("made up", "made down");
    assert_eq!(
        load(&text, &nodes).unwrap().hash,
        hexadecimal(&[text.as_bytes(), &nodes])
    );
    assert_ne!(load(&text, &nodes).unwrap().hash, load(&other, &nodes).unwrap().hash);
}

fn refusal(change: impl Fn(String) -> String, nodes: &[u8]) -> String {
    load(&change(manifest(nodes)), nodes).unwrap_err().to_string()
}

#[test]
fn a_manifest_that_cannot_be_right_is_refused() {
    let nodes = npy("(4, 9, 7)", &values());
    let cases: [(&str, &str, &str); 10] = [
        (
            "format = 1",
            "format = 2",
            "format is `2`, expected 1, the version this program reads",
        ),
        (
            "first = 3.5",
            "first = 9.5",
            "axes.log10_T is `9.5 to 4.5 in 9 nodes`, expected first < last, both finite, 4 nodes or more",
        ),
        (
            "last = 6.5",
            "last = inf",
            "axes.log10_ne is `-0.5 to inf in 7 nodes`, expected first < last, both finite, 4 nodes or more",
        ),
        (
            "nodes = 9",
            "nodes = 2",
            "axes.log10_T is `3.5 to 4.5 in 2 nodes`, expected first < last, both finite, 4 nodes or more",
        ),
        (
            "ion = \"H1\"",
            "ion = \"H2\"",
            "ion of H1_4861A is `H2`, expected H1, as in the label",
        ),
        (
            "4861.33",
            "4961.33",
            "wavelength_air, wavelength_vac of H1_4861A is `4961.33, 4862.69`, expected wavelengths in Å, one of them within 3 of the label's",
        ),
        (
            "valid_T = [5e3",
            "valid_T = [5e4",
            "valid_T of H1_4861A is `[50000, 25000]`, expected 0 < from < to",
        ),
        (
            "valid_ne = [1.0",
            "valid_ne = [0.0",
            "valid_ne of H1_4861A is `[0, 1000000]`, expected 0 < from < to",
        ),
        (
            "label = \"H1_4861A\"",
            "label = \"H1_4862A\"",
            "line.label is `H1_4862A, O2_3726A, O2_3729A`, expected H1_4861A among them",
        ),
        (
            "\"O2_3729A\"]",
            "\"O2_3728A\"]",
            "merged.members of O2_3726A_m is `O2_3728A`, expected labels of lines",
        ),
    ];
    for (old, new, message) in cases {
        let said = refusal(|text| text.replace(old, new), &nodes);
        let said = said
            .strip_prefix(&format!("{PATH}: "))
            .unwrap_or_else(|| panic!("{said}"));
        assert_eq!(said, message);
    }
    let said = refusal(|text| text.replace("nodes_sha256 = \"", "nodes_sha256 = \"0"), &nodes);
    assert!(
        said.contains("nodes_sha256 is `0") && said.ends_with(", the hash of nodes.npy"),
        "{said}"
    );
    let said = refusal(
        |text| {
            text.replace("label = \"O2_3729A\"", "label = \"O2_3726A\"")
                .replace("3728.82", "3726.1")
                .replace("3729.88", "3727.1")
        },
        &nodes,
    );
    assert_eq!(
        said,
        "set/manifest.toml: line.label is `O2_3726A`, expected each label once"
    );
    let said = refusal(|text| text.replace("description", "descriptoin"), &nodes);
    assert!(said.contains("missing field `description`"), "{said}");
    let said = refusal(|text| text.replace("format = 1", "format = "), &nodes);
    assert!(said.contains("line 1"), "{said}");
}

#[test]
fn nodes_that_cannot_be_right_are_refused() {
    let good = values();
    let said = refusal(|text| text, &npy("(4, 7, 9)", &good));
    assert_eq!(
        said,
        "set/nodes.npy: holds '<f8' [4, 7, 9] in C order, expected '<f8' [4, 9, 7] in C order"
    );
    let said = refusal(|text| text, &npy("(4, 9, 7)", &good[1..]));
    assert!(said.starts_with("set/nodes.npy: unreadable as .npy: "), "{said}");
    let said = refusal(|text| text, b"PK\x03\x04");
    assert!(said.starts_with("set/nodes.npy: unreadable as .npy: "), "{said}");
    let mut bad = good;
    bad[2 * NT * NN + 3 * NN + 4] = f64::NAN;
    let said = refusal(|text| text, &npy("(4, 9, 7)", &bad));
    assert_eq!(
        said,
        "set/nodes.npy: node [2, 3, 4] (row, T, n) is NaN, expected a finite log₁₀"
    );
}

#[test]
fn a_missing_directory_is_named() {
    let said = Set::read(Path::new("no/such/set")).unwrap_err().to_string();
    assert!(said.contains("no/such/set"), "{said}");
}

/// The median line of the shipped coefficients is off by 0.5 % in the box of their fit, the worst,
/// He I 10830, by 35 %. Each line is within the error of its row.
#[test]
fn the_shipped_coefficients_keep_to_their_errors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/emissivities/talk_coefficients.csv");
    let set = Set::built_in().unwrap();
    let four = read_coefficients(&path, &set.list).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let stated = text.lines().filter(|row| !row.starts_with(['#', 'l']));
    let stated = stated.map(|row| row.rsplit_once(',').unwrap().1.parse::<f64>().unwrap());
    let mut worst = Vec::new();
    for (place, stated) in stated.enumerate() {
        let [k1, k2, k3, k4] = four[&place];
        let mut largest = 0.0_f64;
        for kelvin in [9e3, 11e3, 14.2e3, 20e3] {
            for n_e in [1.0, 80.0, 300.0, 600.0] {
                let t = kelvin / 1e4;
                let form = k1 + k2 / t + k3 * f64::log10(t) + f64::log10(1.0 + k4 * n_e);
                let exact = set.ln_ratio(place, f64::log10(kelvin), f64::log10(n_e)).0;
                largest = largest.max(100.0 * ((form * std::f64::consts::LN_10 - exact).exp() - 1.0).abs());
            }
        }
        // The figure has two digits, and the spline is off the surface by up to 0.1 %.
        assert!(
            largest < 1.06 * stated + 0.1,
            "{}: {largest} %",
            set.list.lines[place].label
        );
        worst.push(largest);
    }
    worst.sort_by(f64::total_cmp);
    assert!(
        worst.len() == set.list.lines.len() && worst[worst.len() / 2] < 0.5,
        "{worst:?}"
    );
}
