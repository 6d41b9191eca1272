//! Labels of old and new programs, resolved with a small list of lines.

use super::*;

/// Label, wavelength in air and in vacuum \[Å\] (NIST).
const LINES: [(&str, f64, f64); 30] = [
    ("H1_3889A", 3889.05, 3890.15),
    ("H1_3970A", 3970.07, 3971.20),
    ("H1_4340A", 4340.46, 4341.68),
    ("H1_4861A", 4861.33, 4862.69),
    ("He1_3889A", 3888.65, 3889.75),
    ("He1_4713A", 4713.15, 4714.47),
    ("He1_6678A", 6678.15, 6679.99),
    ("He1_10830A", 10830.34, 10833.31),
    ("He2_4686A", 4685.68, 4686.99),
    ("N1_5198A", 5197.90, 5199.35),
    ("N1_5200A", 5200.26, 5201.71),
    ("N2_6548A", 6548.05, 6549.86),
    ("N2_6584A", 6583.45, 6585.27),
    ("O2_3726A", 3726.03, 3727.09),
    ("O2_3729A", 3728.82, 3729.88),
    ("O2_7319A", 7318.92, 7320.94),
    ("O2_7320A", 7319.99, 7322.01),
    ("O2_7330A", 7329.67, 7331.69),
    ("O2_7331A", 7330.73, 7332.75),
    ("O3_4363A", 4363.21, 4364.44),
    ("O3_5007A", 5006.84, 5008.24),
    ("O3_88um", 883_323.0, 883_564.0),
    ("Ne3_3968A", 3967.46, 3968.58),
    ("S3_6312A", 6312.06, 6313.81),
    ("S3_9069A", 9068.6, 9071.1),
    ("S3_9531A", 9530.6, 9533.2),
    ("S3_18.7um", 187_081.0, 187_130.0),
    ("S3_33.5um", 334_719.0, 334_810.0),
    ("Ar4_4711A", 4711.26, 4712.58),
    ("Ar4_4740A", 4740.12, 4741.45),
];

const MERGED: [(&str, &str); 7] = [
    ("O2_3726A_m", "O2_3726A+O2_3729A"),
    ("O2_7319A_m", "O2_7319A+O2_7320A"),
    ("O2_7330A_m", "O2_7330A+O2_7331A"),
    ("O2_7325A_m", "O2_7319A+O2_7320A+O2_7330A+O2_7331A"),
    ("H1_3889A_m", "H1_3889A+He1_3889A"),
    ("Ne3_3968A_m", "Ne3_3968A+H1_3970A"),
    ("Ar4_4711A_m", "Ar4_4711A+He1_4713A"),
];

fn labels(joined: &str) -> Vec<String> {
    joined
        .split('+')
        .filter(|label| !label.is_empty())
        .map(str::to_owned)
        .collect()
}

fn list() -> LineList {
    let lines = LINES.map(|(label, wavelength_air, wavelength_vac)| Line {
        label: label.to_owned(),
        ion: label.parse::<Label>().unwrap().ion,
        wavelength_air,
        wavelength_vac,
        valid_t: [5e3, 3e4],
        valid_ne: [1.0, 1e5],
    });
    let merged = MERGED.map(|(label, members)| Merged {
        label: label.to_owned(),
        members: labels(members),
    });
    LineList {
        lines: lines.to_vec(),
        merged: merged.to_vec(),
    }
}

/// Labels of the lines found, joined by `+`, or the text of the error.
fn resolve(label: &str, members: &str) -> String {
    let list = list();
    match list.resolve(label, &labels(members)) {
        Ok(resolved) => {
            assert_eq!(resolved.label, label);
            resolved
                .members
                .iter()
                .map(|index| list.lines[*index].label.as_str())
                .collect::<Vec<_>>()
                .join("+")
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_line_is_found_by_its_own_label() {
    for (label, _, _) in LINES {
        assert_eq!(resolve(label, ""), label);
    }
}

#[test]
fn old_new_and_vacuum_spellings_agree() {
    let pairs = [
        ("H1_4341A", "H1_4340A"),
        ("He2_4685A", "He2_4686A"),
        ("He1_6677A", "He1_6678A"),
        ("He1_6680A", "He1_6678A"),
        ("He1_10832A", "He1_10830A"),
        ("He1_10833A", "He1_10830A"),
        ("N2_6583A", "N2_6584A"),
        ("N2_6585A", "N2_6584A"),
        ("S3_9068A", "S3_9069A"),
        ("S3_9071A", "S3_9069A"),
        ("S3_9530A", "S3_9531A"),
        ("S3_9533A", "S3_9531A"),
        ("S3_18.71um", "S3_18.7um"),
        ("S3_18.713um", "S3_18.7um"),
        ("S3_33.48um", "S3_33.5um"),
        ("S3_33um", "S3_33.5um"),
        ("O3_88.36um", "O3_88um"),
        ("O3_5008A", "O3_5007A"),
        ("O3_5007A_k-1", "O3_5007A"),
        ("N2_6584A_b", "N2_6584A"),
        ("Ar4_4712A", "Ar4_4711A"),
    ];
    for (given, line) in pairs {
        assert_eq!(resolve(given, ""), line, "{given}");
    }
}

#[test]
fn close_lines_are_told_apart_by_the_nearest() {
    let pairs = [
        ("O2_3725A", "O2_3726A"),
        ("O2_3727A", "O2_3726A"),
        ("O2_3730A", "O2_3729A"),
        ("N1_5197A", "N1_5198A"),
        ("N1_5199A", "N1_5198A"),
        ("N1_5201A", "N1_5200A"),
        ("O2_7318A", "O2_7319A"),
        ("O2_7321A", "O2_7319A"),
        ("O2_7322A", "O2_7320A"),
        ("O2_7332A", "O2_7330A"),
        ("O2_7333A", "O2_7331A"),
    ];
    for (given, line) in pairs {
        assert_eq!(resolve(given, ""), line, "{given}");
    }
    let message = resolve("O2_3728A", "");
    assert_eq!(
        message,
        "label `O2_3728A` lies equally near O2_3729A and O2_3726A: give one of these"
    );
}

#[test]
fn merged_labels_have_their_default_members() {
    for (label, members) in MERGED {
        assert_eq!(resolve(label, ""), members);
    }
    let aliases = [
        ("O2_3727A_m", 0),
        ("O2_3729A_m", 0),
        ("O2_7320A_m", 1),
        ("O2_7331A_m", 2),
        ("Ne3_3967A_m", 5),
        ("Ar4_4712A_m", 6),
    ];
    for (alias, merged) in aliases {
        assert_eq!(resolve(alias, ""), MERGED[merged].1, "{alias}");
    }
    assert_eq!(
        resolve("O2_7322A_m", ""),
        "label `O2_7322A_m` lies equally near O2_7319A_m and O2_7325A_m: give one of these"
    );
}

#[test]
fn given_members_override_the_default() {
    assert_eq!(resolve("O2_7319A_m", "O2_7319A+O2_7330A"), "O2_7319A+O2_7330A");
    assert_eq!(resolve("O3_4363A_m", "O3_4363A+H1_4341A"), "O3_4363A+H1_4340A");
    assert_eq!(resolve("O2_3727A", "O2_3726A+O2_3729A"), "O2_3726A+O2_3729A");
}

#[test]
fn what_cannot_be_resolved_says_why() {
    let cases = [
        (
            "O3_4000A",
            "",
            "unknown line `O3_4000A`: no line of O3 lies near it, within 3 Å in air or vacuum (known: O3_4363A, O3_5007A, O3_88um)",
        ),
        (
            "Ni3_7890A",
            "",
            "unknown line `Ni3_7890A`: the emissivities hold no line of Ni3",
        ),
        (
            "Halpha",
            "",
            "`Halpha` is no line label: expected ion, wavelength and unit, such as O3_5007A, S3_18.7um, O2_3726A_m",
        ),
        (
            "He1_3889A_m",
            "",
            "merged line `He1_3889A_m` has no known members: give them, joined by `+`",
        ),
        (
            "O2_7319A_m",
            "O2_7319A+O2_7318A",
            "merged line `O2_7319A_m` names its member O2_7319A twice",
        ),
        (
            "O2_7319A_m",
            "O2_7319A_m+O2_7330A",
            "merged line `O2_7319A_m` has no known members: give them, joined by `+`",
        ),
        (
            "O2_7319A_m",
            "O2_7319A+O2_9000A",
            "unknown line `O2_9000A`: no line of O2 lies near it, within 3 Å in air or vacuum (known: O2_3726A, O2_3729A, O2_7319A, O2_7320A, O2_7330A, O2_7331A)",
        ),
    ];
    for (label, members, message) in cases {
        assert_eq!(resolve(label, members), message);
    }
}
