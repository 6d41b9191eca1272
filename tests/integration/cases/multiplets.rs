//! Multiplets that a spectrum leaves unresolved, alone and beside a member, in each form of table.

use super::forms::{FORMS, Form};
use super::{object, objects};

/// Names of one multiplet and what they mean.
struct Multiplet {
    /// A label between its lines.
    label: &'static str,
    /// A catalogue's name.
    name: &'static str,
    /// The mean wavelength \[Å\]; none where the lines lie too far apart for a bare wavelength to
    /// mean both.
    wavelength: Option<&'static str>,
    sum: &'static str,
    /// A member as label, name and wavelength.
    member: [&'static str; 3],
    /// The line that the label means beside the member; none where it is refused.
    left: Option<&'static str>,
}

const MULTIPLETS: [Multiplet; 12] = [
    Multiplet {
        label: "O2_3727A",
        name: "OII_3727",
        wavelength: Some("3727.40"),
        sum: "O2_3726A+O2_3729A",
        member: ["O2_3729A", "OII_3729", "3728.82"],
        left: Some("O2_3726A"),
    },
    Multiplet {
        label: "O2_7325A",
        name: "OII_7325",
        wavelength: Some("7325.00"),
        sum: "O2_7319A+O2_7320A+O2_7330A+O2_7331A",
        member: ["O2_7319A", "OII_7319", "7318.92"],
        left: None,
    },
    Multiplet {
        label: "S2_6720A",
        name: "SII_6724",
        wavelength: Some("6724.00"),
        sum: "S2_6716A+S2_6731A",
        member: ["S2_6731A", "SII_6731", "6730.82"],
        left: None,
    },
    Multiplet {
        label: "S2_4072A",
        name: "SII_4072",
        wavelength: Some("4072.00"),
        sum: "S2_4069A+S2_4076A",
        member: ["S2_4069A", "SII_4069", "4068.60"],
        left: None,
    },
    Multiplet {
        label: "C3_1908A",
        name: "CIII_1908",
        wavelength: Some("1908.00"),
        sum: "C3_1907A+C3_1909A",
        member: ["C3_1909A", "CIII_1909", "1908.73"],
        left: None,
    },
    Multiplet {
        label: "N1_5199A",
        name: "NI_5199",
        wavelength: Some("5199.00"),
        sum: "N1_5198A+N1_5200A",
        member: ["N1_5200A", "NI_5200", "5200.26"],
        left: Some("N1_5198A"),
    },
    Multiplet {
        label: "N4_1485A",
        name: "NIV_1485",
        wavelength: Some("1485.00"),
        sum: "N4_1483A+N4_1487A",
        member: ["N4_1487A", "NIV_1487", "1486.50"],
        left: None,
    },
    Multiplet {
        label: "O3_1663A",
        name: "OIII_1663",
        wavelength: Some("1663.00"),
        sum: "O3_1661A+O3_1666A",
        member: ["O3_1666A", "OIII_1666", "1666.15"],
        left: None,
    },
    Multiplet {
        label: "Si3_1887A",
        name: "SiIII_1887",
        wavelength: Some("1887.00"),
        sum: "Si3_1883A+Si3_1892A",
        member: ["Si3_1892A", "SiIII_1892", "1892.03"],
        left: None,
    },
    Multiplet {
        label: "Cl3_5528A",
        name: "ClIII_5528",
        wavelength: None,
        sum: "Cl3_5518A+Cl3_5538A",
        member: ["Cl3_5538A", "ClIII_5538", "5537.88"],
        left: None,
    },
    Multiplet {
        label: "Ar4_4726A",
        name: "ArIV_4726",
        wavelength: None,
        sum: "Ar4_4711A+Ar4_4740A",
        member: ["Ar4_4740A", "ArIV_4740", "4740.17"],
        left: None,
    },
    Multiplet {
        label: "N3_1751A",
        name: "NIII_1750",
        wavelength: Some("1751.00"),
        sum: "N3_1747A+N3_1749A+N3_1750A+N3_1752A+N3_1754A",
        member: ["N3_1747A", "NIII_1747", "1746.82"],
        left: None,
    },
];

impl Multiplet {
    /// The name between its lines as a form writes it.
    fn spelled(&self, form: Form) -> Option<&'static str> {
        [Some(self.label), Some(self.name), self.wavelength][form.spelling()]
    }
}

#[test]
fn a_name_between_lines_is_their_sum_and_said_in_the_row() {
    for multiplet in &MULTIPLETS {
        for form in FORMS {
            let Some(name) = multiplet.spelled(form) else { continue };
            let told = form.told(&[name]);
            let sum = format!(
                "O3_5007A 5±0.1, {} 0.2±0.004 [read_as:{name}={}]",
                multiplet.sum, multiplet.sum
            );
            assert!(told.len() == 1 && told[0].ends_with(&sum), "{form:?} {name}: {told:?}");
        }
    }
}

#[test]
fn a_name_between_lines_beside_one_of_them_is_the_other_or_refused() {
    for multiplet in &MULTIPLETS {
        for form in FORMS.into_iter().filter(|form| form.spelling() == 0) {
            let told = form.told(&[multiplet.label, multiplet.member[0]]);
            assert_eq!(told.len(), 1, "{form:?}: {told:?}");
            match multiplet.left {
                Some(line) => {
                    let both = format!("{line} 0.2±0.004, {} 0.2±0.004", multiplet.member[0]);
                    assert!(told[0].ends_with(&both), "{form:?} {}: {told:?}", multiplet.label);
                }
                None => {
                    let remedy = format!("[lines] {:?} = ", multiplet.label);
                    assert!(told[0].contains(&remedy), "{form:?} {}: {told:?}", multiplet.label);
                }
            }
        }
    }
}

/// Names and wavelengths beside a member of their multiplet are never its sum.
#[test]
fn no_form_counts_a_line_twice() {
    for multiplet in &MULTIPLETS {
        for form in FORMS.into_iter().filter(|form| form.spelling() > 0) {
            let Some(name) = multiplet.spelled(form) else { continue };
            let names = [name, multiplet.member[form.spelling()]];
            let told = form.told(&names).join("\n");
            assert!(
                !told.contains(&format!("{} 0.2", multiplet.sum)),
                "{form:?} {names:?}: {told}"
            );
        }
    }
}

/// The blanks of one object decide nothing: the column of the other line is there.
#[test]
fn a_partner_of_another_object_is_a_partner() {
    let rows = "a,H1_4861A,100,1\na,O3_5007A,500,5\na,OII3727,60,2\nb,H1_4861A,100,1\nb,OII3727,60,2\nb,OII3730,80,2\n";
    let long = objects("t.csv", &format!("object,line,flux,flux_err\n{rows}"), "");
    assert_eq!(long[0], "a 100±1: O3_5007A 5±0.05, O2_3726A 0.6±0.02");
    assert_eq!(long[1], "b 100±1: O2_3726A 0.6±0.02, O2_3729A 0.8±0.02");
    let wide =
        "object,H1_4861A,H1_4861A_err,OII3727,OII3727_err,OII3730,OII3730_err\na,100,1,60,2,,\nb,100,1,60,2,80,2\n";
    assert_eq!(
        objects("t.csv", wide, ""),
        [
            "a 100±1: O2_3726A 0.6±0.02",
            "b 100±1: O2_3726A 0.6±0.02, O2_3729A 0.8±0.02"
        ]
    );
}

/// [O II] 7319 and 7330 are pairs to all but echelle spectra, and so are H8 and He I.
#[test]
fn pairs_closer_than_a_spectrum_resolves_are_one_line() {
    for form in [Form::Long, Form::Wide, Form::Lime, Form::PynebRows] {
        let told = form.told(&["O2_7319A", "O2_7330A", "H1_3889A"]);
        for sum in [
            "O2_7319A+O2_7320A 0.2",
            "O2_7330A+O2_7331A 0.2",
            "H1_3889A+He1_3889A 0.2",
        ] {
            assert!(told[0].contains(sum), "{form:?}: {told:?}");
        }
    }
}

#[test]
fn a_lone_line_of_a_close_doublet_is_said() {
    for form in FORMS.into_iter().filter(|form| form.spelling() == 0) {
        let told = form.told(&["O2_3726A"]);
        assert!(
            told[0].ends_with("O2_3726A 0.2±0.004 [lone_partner:O2_3726A]"),
            "{form:?}: {told:?}"
        );
    }
}

#[test]
fn a_blend_beside_its_member_is_flagged() {
    for form in FORMS.into_iter().filter(|form| form.spelling() == 0) {
        let told = form.told(&["O2_3726A_m", "O2_3729A"]);
        assert!(
            told[0].contains("[shared_line:O2_3726A_m+O2_3729A]"),
            "{form:?}: {told:?}"
        );
    }
}

/// Members that a user gives win over all rules.
#[test]
fn blends_of_the_configuration_are_literal() {
    let rows = "line,flux,flux_err\nH1_4861A,100,1\nO2_7319A,20,1\nO2_3727A,50,1\n";
    let toml = "[blends]\nO2_7319A = \"O2_7319A\"\nO2_3727A = \"O2_3729A\"";
    assert_eq!(
        object("a.csv", rows, toml),
        "a 100±1: O2_7319A 0.2±0.01, O2_3729A 0.5±0.01"
    );
    let toml = "[lines]\n\"O2_7319A\" = \"O2_7325A_m\"\n\"O2_3727A\" = \"O2_3726A\"";
    let four = "O2_7319A+O2_7320A+O2_7330A+O2_7331A";
    assert_eq!(
        object("a.csv", rows, toml),
        format!("a 100±1: {four} 0.2±0.01, O2_3726A 0.5±0.01")
    );
}
