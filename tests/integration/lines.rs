//! Lines by a catalogue's names and by wavelength, in the built-in list.

use nebulium::emissivity::Set;
use nebulium::line::{Identified, LineList, Name};

fn list() -> LineList {
    Set::built_in().unwrap().list
}

fn members(list: &LineList, names: &[&str]) -> Vec<Vec<String>> {
    let names: Vec<Name> = names.iter().map(|name| name.parse().unwrap()).collect();
    let resolved = names.iter().map(|name| name.resolve(list, &names).unwrap());
    resolved
        .map(|line| {
            let labels = line.members.iter().map(|&member| list.lines[member].label.clone());
            labels.collect()
        })
        .collect()
}

#[test]
fn the_names_of_catalogues_find_their_lines() {
    let list = list();
    let names = [
        ("oiii_4363", "O3_4363A"),
        ("[OIII]5007", "O3_5007A"),
        ("OIII_5007", "O3_5007A"),
        ("OIIIa_4363", "O3_4363A"),
        ("h_beta", "H1_4861A"),
        ("HBETA", "H1_4861A"),
        ("Halpha", "H1_6563A"),
        ("HEPSILON", "H1_3970A"),
        ("nii_6584", "N2_6584A"),
        ("[NII]6583", "N2_6584A"),
        ("sii_6717", "S2_6716A"),
        ("SIII_9532", "S3_9531A"),
        ("siii_6312", "S3_6312A"),
        ("neiii_3869", "Ne3_3869A"),
        ("NeIII_3868", "Ne3_3869A"),
        ("HEI_5876", "He1_5876A"),
        ("HEII_4686", "He2_4686A"),
        ("oi_6300", "O1_6300A"),
        ("ariii7135", "Ar3_7136A"),
    ];
    for (name, label) in names {
        let found = name.parse::<Name>().and_then(|name| name.resolve(&list, &[]));
        assert_eq!(found.unwrap().label, label, "{name}");
    }
    for text in [
        "",
        "z",
        "ID",
        "eOIII_5007",
        "h_alpha_broad",
        "ra",
        "chisq",
        "oiii",
        "123",
    ] {
        assert!(text.parse::<Name>().is_err(), "{text}");
    }
    let said = "mgii_2796".parse::<Name>().unwrap().resolve(&list, &[]).unwrap_err();
    assert!(said.to_string().contains("`mgii_2796`"), "{said}");
}

#[test]
fn a_doublet_named_once_is_both_lines() {
    let list = list();
    assert_eq!(members(&list, &["[OII]3727"]), [["O2_3726A", "O2_3729A"]]);
    assert_eq!(members(&list, &["oii_3726", "oii_3729"]), [["O2_3726A"], ["O2_3729A"]]);
    assert_eq!(members(&list, &["SII_6725"]), [["S2_6716A", "S2_6731A"]]);
    let halves = [["O2_7319A", "O2_7320A"], ["O2_7330A", "O2_7331A"]];
    assert_eq!(members(&list, &["OII_7320", "OII_7330"]), halves);
    assert_eq!(members(&list, &["oii_7325"])[0].len(), 4);
}

#[test]
fn wavelengths_find_their_line_in_air_and_vacuum() {
    let list = list();
    let found = |wavelength: f64, vacuum: bool| match list.identify(wavelength, vacuum) {
        Identified::Line(index) => list.lines[index].label.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(found(5006.84, false), "O3_5007A");
    assert_eq!(found(5008.24, true), "O3_5007A");
    assert_eq!(found(7318.39, false), "O2_7319A");
    assert_eq!(found(9014.91, false), "H1_9015A");
    assert_eq!(found(7236.42, false), "Unknown");
    assert_eq!(found(4649.13, false), "Unknown");
    assert_eq!(found(3721.83, false), "Blended(\"S3_3722A\", \"H I Balmer 14\")");
    assert!(!list.in_vacuum(&[4861.33, 5006.84, 6562.8]));
    assert!(list.in_vacuum(&[4862.69, 5008.24, 6564.61]));
}
