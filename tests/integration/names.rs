//! One rule for what a line's name means: labels, catalogues' names and wavelengths, alone and
//! beside others.

use std::sync::LazyLock;

use nebulium::emissivity::Set;
use nebulium::line::{LineList, NameSet, Said, is_name, names_of_line, names_of_sum};

/// The built-in list, read once.
static LIST: LazyLock<LineList> = LazyLock::new(|| Set::built_in().unwrap().list);

fn list() -> &'static LineList {
    &LIST
}

/// What each name of a table means: labels joined by `+`, with `sum` or `lone` where that is said,
/// or the error.
fn read(names: &[&str]) -> Vec<String> {
    let list = list();
    let set = NameSet::new(list, names.iter().copied(), None);
    let told = |name: &&str| match set.read(name) {
        Err(error) => format!("error: {error}"),
        Ok(reading) => {
            let labels = reading
                .line
                .members
                .iter()
                .map(|&member| list.lines[member].label.as_str());
            let said = match reading.said {
                None => "",
                Some(Said::Sum) => " sum",
                Some(Said::Lone) => " lone",
            };
            labels.collect::<Vec<_>>().join("+") + said
        }
    };
    names.iter().map(told).collect()
}

fn alone(name: &str) -> String {
    read(&[name]).remove(0)
}

const OII: &str = "O2_3726A+O2_3729A";
const ALL_7325: &str = "O2_7319A+O2_7320A+O2_7330A+O2_7331A";

#[test]
fn names_of_surveys_find_their_lines() {
    let lines: [(&str, &[&str]); 47] = [
        (
            "O3_5007A",
            &[
                "O3_5007",
                "o3_5007a",
                "O3_5007A_b",
                "O3_5007A_k-1",
                "O3_5007A_p-g",
                "O3_5008A",
                "OIII_5007",
            ],
        ),
        (
            "O3_5007A",
            &[
                "[OIII]5007",
                "[O III] 5007",
                "[O III]λ5007",
                "OIII-5007",
                "OIII5008",
                "OIII5006",
                "OIII-500.7",
            ],
        ),
        (
            "O3_4363A",
            &["oiii_4363", "OIIIa_4363", "OIII4364", "[O III] 4363 Å", "OIII_4363"],
        ),
        ("O3_4959A", &["OIII4958", "OIII-4960", "oiii_4959"]),
        ("O3_88um", &["O3_88.36um", "OIII_88um"]),
        ("O3_52um", &["O3_51.8m"]),
        ("S3_18.7um", &["S3_18.7um", "S3_18.7m", "SIII_18.71um"]),
        (
            "H1_4861A",
            &[
                "Hbeta", "H_BETA", "Hb", "Hβ", "HB4861", "Hb_4861", "Hb-4862", "HB4863", "H4861", "HI_4861",
            ],
        ),
        ("H1_4861A", &["H1_4861", "H1r_4861A", "HBaB_4861", "HB_4861", "H 4861"]),
        (
            "H1_6563A",
            &[
                "Halpha",
                "Ha",
                "H_alpha",
                "HA6562",
                "Ha-6564",
                "HBaA_6563",
                "H1_6563A_b",
            ],
        ),
        ("H1_4341A", &["Hgamma", "HG4340", "Hgam-4341", "HBaG_4340", "HGAMMA"]),
        ("H1_4102A", &["Hdelta", "Hdel-4102", "hd", "HBaD_4102"]),
        ("H1_3970A", &["HEPSILON", "Heps-3971", "H7", "h7_3970"]),
        ("H1_3835A", &["H9", "Heta-3836"]),
        ("H1_3798A", &["H10", "Hthe-3798"]),
        ("H1_3771A", &["H11", "H11-3771"]),
        ("H1_3750A", &["H12", "H12-3751"]),
        ("H1_18751A", &["PaA", "paschen_a", "HPaA_18751", "Pa_alpha"]),
        ("H1_12818A", &["Pab", "Pa_beta", "PaB"]),
        ("H1_9015A", &["Pa10", "Peta-9017", "P10"]),
        ("H1_9229A", &["Pa9", "P9", "Pzet-9231"]),
        ("H1_9546A", &["Peps-9548"]),
        ("H1_21655A", &["Brg", "Br_gamma", "BrG"]),
        ("He1_5876A", &["HeI5875", "HEI_5876", "HeI-5877", "He1r_5876A"]),
        ("He1_10830A", &["HeI-1083", "HeI_10830"]),
        ("He1_7065A", &["HeI-7067"]),
        ("He2_1640A", &["HeIIL1640", "HeII_1640", "HeBaA_1640"]),
        ("He2_4686A", &["HeII-4687", "HEII_4686", "heii4685"]),
        ("N2_5755A", &["NII5754", "nii_5755"]),
        ("N2_6584A", &["NII6585", "[NII]6583", "NII-6584", "N2_6583A"]),
        ("N2_6548A", &["NII-6549"]),
        ("O1_6300A", &["OI-6302", "[OI]6300"]),
        ("Ar3_7136A", &["ariii7135", "ArIII-7137", "ArIII-7138"]),
        ("Ar3_7751A", &["ArIII-7753"]),
        ("S3_9069A", &["SIII9068", "SIII-9071"]),
        ("S3_9531A", &["SIII-9533", "SIII_9532"]),
        ("S3_6312A", &["siii_6312", "SIII-6314", "SIII6312"]),
        ("Ne3_3869A", &["NeIII-3869", "NeIII_3868", "NEIII_3869", "NeIII-3867"]),
        ("Ne3_3968A", &["NeIII-3968"]),
        ("Si3_1892A", &["SIIII_1892"]),
        ("O3_1666A", &["OIII_1666"]),
        ("S2_6716A", &["SII6716", "SII_6717", "SII-6718"]),
        ("S2_6731A", &["SII-6732", "SII6730", "SII6733"]),
        ("S2_4069A", &["SII_4068", "SII_4069", "SII_4070"]),
        ("H1_4861A", &["4861", "4861.33"]),
        ("H1_18751A", &["18751.0"]),
        ("O3_4363A", &["4363.21"]),
    ];
    for (label, names) in lines {
        for name in names {
            assert!(is_name(name), "{name}");
            assert_eq!(alone(name), label, "{name}");
        }
    }
}

#[test]
fn a_name_between_the_lines_of_a_multiplet_is_their_sum_and_said() {
    let sums: [(&str, &[&str]); 13] = [
        (
            OII,
            &[
                "OII_3727",
                "OII3728",
                "O2_3727A",
                "O2_3728A",
                "O2_3727",
                "[OII]3727",
                "3727.00",
                "OII",
                "OII-372.7",
            ],
        ),
        (ALL_7325, &["oii_7325", "O2_7325A", "7325.00", "OII-7325"]),
        (
            "O2_7319A+O2_7320A",
            &["O2_7319A", "OII_7320", "7319.45", "OII_7322", "O2_7320"],
        ),
        ("O2_7330A+O2_7331A", &["O2_7330A", "OII_7330", "7330.20", "OII_7332"]),
        ("S2_6716A+S2_6731A", &["SII_6725", "S2_6720A", "SII_6720", "6725"]),
        ("S2_4069A+S2_4076A", &["SII_4072", "4072.00"]),
        ("C3_1907A+C3_1909A", &["CIII_1908", "C3_1908A", "CIII-1908", "1909.00"]),
        ("N1_5198A+N1_5200A", &["N1_5199A", "NI_5199", "NI-5199"]),
        ("N4_1483A+N4_1487A", &["NIV_1485", "1485.00"]),
        ("O3_1661A+O3_1666A", &["OIII_1665", "OIII-1663", "O3_1663A"]),
        ("Ne4_4714A+Ne4_4715A", &["4715.21"]),
        (
            "N3_1747A+N3_1749A+N3_1750A+N3_1752A+N3_1754A",
            &["NIII_1750", "N3_1750A", "NIII-1750", "1751.00", "NIII_1749"],
        ),
        (
            "H1_3889A+He1_3889A",
            &["H1_3889A", "H8", "HeI_3889", "3889.05", "Hzet-3890"],
        ),
    ];
    for (members, names) in sums {
        for name in names {
            assert_eq!(alone(name), format!("{members} sum"), "{name}");
        }
    }
}

#[test]
fn a_sum_in_so_many_words_needs_no_saying() {
    for name in [
        "O2_3726A_m",
        "O2_3727A_m",
        "O2_3727A+",
        "OII_3726_29",
        "OII3726_3729",
        "[OII]3727,29",
        "OII3726+3729",
        "O2_3726A+O2_3729A",
        "[O II] 3726,3729",
        "O2d_3727",
        "O2_3726_3729",
    ] {
        assert_eq!(alone(name), OII, "{name}");
    }
    assert_eq!(alone("OIII_4959_5007"), "O3_4959A+O3_5007A");
    assert_eq!(alone("C3_1907_1909"), "C3_1907A+C3_1909A");
    assert_eq!(alone("S2_6725A+"), "S2_6716A+S2_6731A");
    assert_eq!(alone("Ne3_3968A+H1_3970A"), "Ne3_3968A+H1_3970A");
    let four = alone("OII_7320_7330");
    assert!(ALL_7325.split('+').all(|label| four.contains(label)), "{four}");
    assert_eq!(alone("O2_7319A+O2_7330A"), "O2_7319A+O2_7330A");
}

#[test]
fn the_lines_of_a_doublet_named_apart_are_lines() {
    let pairs = [
        ["OII3727", "OII3730"],
        ["OII-3727", "OII-3729"],
        ["OII_3726", "OII_3729"],
        ["OII_3726", "OII_3728"],
        ["OII3727", "OII3728"],
        ["O2_3727A", "O2_3729A"],
        ["O2_3726A", "OII3729"],
        ["3726.03", "3728.82"],
        ["3727.09", "3729.88"],
    ];
    for names in pairs {
        assert_eq!(read(&names), ["O2_3726A", "O2_3729A"], "{names:?}");
    }
    assert_eq!(read(&["3727.40", "4861.33"])[0], format!("{OII} sum"));
    assert_eq!(read(&["CIII-1906", "CIII-1908"]), ["C3_1907A", "C3_1909A"]);
    assert_eq!(read(&["1906.68", "1909.00"]), ["C3_1907A", "C3_1909A"]);
    assert_eq!(read(&["NI-5199", "NI-5201"]), ["N1_5198A", "N1_5200A"]);
    assert_eq!(read(&["O2_7319A", "O2_7320A"]), ["O2_7319A", "O2_7320A"]);
    assert_eq!(read(&["HeI-3889", "Hzet-3890"]), ["He1_3889A", "H1_3889A"]);
    assert_eq!(read(&["O2_7330A", "OII7331"]), ["O2_7330A", "O2_7331A"]);
    let sums = ["O2_7319A+O2_7320A sum", "O2_7330A+O2_7331A sum"];
    assert_eq!(read(&["OII_7320", "OII_7330"]), sums);
    assert_eq!(read(&["OII_7320", "OII7332"]), sums);
    assert_eq!(
        read(&["H1_4861A", "O2_3727A_k-1", "O2_3727A_k-2"])[1..],
        vec![format!("{OII} sum"); 2]
    );
}

#[test]
fn a_close_line_without_its_partner_is_said() {
    for name in [
        "O2_3726A",
        "OII_3729",
        "C3_1909A",
        "N1_5200A",
        "Ne4_4724A",
        "N4_1487A",
        "OII_3730",
    ] {
        assert!(alone(name).ends_with("A lone"), "{name}: {}", alone(name));
    }
    assert_eq!(alone("S2_6716A"), "S2_6716A");
}

#[test]
fn what_cannot_be_told_names_the_remedy() {
    let told = read(&["S2_6720A", "S2_6731A"]);
    assert_eq!(told[1], "S2_6731A");
    for part in [
        "error: ",
        "S2_6716A and S2_6731A",
        "[lines] \"S2_6720A\" = \"S2_6716A\"",
        "\"S2_6716A_m\" for the sum",
    ] {
        assert!(told[0].contains(part), "{part}: {}", told[0]);
    }
    for names in [["OII", "OII3727"], ["oii_7325", "OII_7320"], ["O2_3726A_m", "OII_3728"]] {
        assert!(
            read(&names).iter().any(|told| told.contains("lies between")),
            "{names:?}: {:?}",
            read(&names)
        );
    }
    for (name, example) in [
        ("OIII", "O3_5007A"),
        ("[N II]", "N2_6584A"),
        ("SII", "S2_6731A"),
        ("Ha+NII", "N2_"),
    ] {
        let told = alone(name);
        assert!(
            told.contains("can be any of") && told.contains(example) && told.contains("[lines]"),
            "{told}"
        );
        assert!(!is_name(name), "{name}");
    }
    assert!(alone("O3_4000A").contains("no line of O3 lies near it"));
    assert!(alone("mgii_2796").contains("`mgii_2796`"));
    assert!(alone("4649.13").contains("no line lies near 4649.13"));
    assert!(alone("3721.83").contains("H I Balmer 14"));
    assert!(
        read(&["6716.44", "6721.40", "6730.82"])[1].contains("no line lies near"),
        "O II"
    );
    assert!(
        read(&["4068.60", "4075.86", "4076.35"])[1].contains("nearer"),
        "O II 4075.86"
    );
    assert!(alone("O2_7322A_m").contains("equally near"));
}

#[test]
fn other_columns_are_no_names() {
    for text in [
        "",
        "z",
        "ID",
        "eOIII_5007",
        "h_alpha_broad",
        "HBETA_BROAD",
        "Hb_ew",
        "ra",
        "chisq",
        "oiii",
        "123",
        "PA",
        "H6",
        "HD_1",
        "OIII_5007_2",
        "OIII_5007_b",
        "O3_5007A_err",
        "O3_5007A-err",
        "O3_5007nm",
        "Q3_5007A",
        "O3_",
        "O3_5e3A",
        "O9_",
        "1234-56789-0100",
        "Fe3_4658A_p-g-abs",
        "P16_50",
        "log_ne",
        "cHbeta",
        "E(B-V)",
        "n_e",
        "12+log",
        "A_V",
        "b/a",
        "v15",
        "D4000",
        "Lick_Hb",
        "flux",
        "Σ",
        "H1_4861A|x",
        "4861*",
        "+",
        "O2_3726A++",
        "OII_3729_3726",
        "NaN",
        "inf",
        "1e4",
    ] {
        assert!(!is_name(text), "{text}");
        assert!(read(&[text])[0].starts_with("error: "), "{text}");
    }
}

#[test]
fn the_medium_of_wavelengths_is_that_of_the_majority_or_given() {
    let list = list();
    let vacuum = ["4862.69", "5008.24", "6564.61", "6718.29"];
    assert_eq!(read(&vacuum), ["H1_4861A", "O3_5007A", "H1_6563A", "S2_6716A"]);
    let air = NameSet::new(list, vacuum, Some(false));
    assert!(air.read("5008.24").is_err());
}

#[test]
fn members_given_are_literal() {
    let list = list();
    let sum = |members: &[&str]| {
        let members: Vec<String> = members.iter().map(ToString::to_string).collect();
        let sum = list.sum_of("O2_7319A", &members);
        sum.map(|sum| {
            sum.members
                .iter()
                .map(|&member| list.lines[member].label.clone())
                .collect::<Vec<_>>()
                .join("+")
        })
        .map_err(|error| error.to_string())
    };
    assert_eq!(sum(&["O2_7319A"]).unwrap(), "O2_7319A");
    assert_eq!(sum(&["O2_7319A", "[OII]7330"]).unwrap(), "O2_7319A+O2_7330A");
    assert!(sum(&["O2_7319A", "O2_7318A"]).unwrap_err().contains("twice"));
    assert!(sum(&[]).unwrap_err().contains("no known members") && sum(&["O2_7319A_m"]).is_err());
}

/// Every label of the list stands for its line where all labels are in the table, and so do whole
/// numbers of Å of either medium.
#[test]
fn labels_beside_all_others_are_their_lines() {
    let list = list();
    let labels: Vec<&str> = list.lines.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(read(&labels), labels);
    let merged: Vec<&str> = list.merged.iter().map(|merged| merged.label.as_str()).collect();
    for (told, merged) in read(&merged).iter().zip(&list.merged) {
        let mut members: Vec<&str> = told.split('+').collect();
        members.sort_unstable();
        let mut expected = merged.members.clone();
        expected.sort_unstable();
        assert_eq!(members, expected, "{}", merged.label);
    }
}

/// A table of 20,000 columns, many of which are names of lines, is read in time that grows as its
/// width does.
#[test]
fn a_very_wide_table_is_read_in_linear_time() {
    let list = list();
    let names: Vec<String> = (0..20_000).map(|column| format!("OIII_{}", 1200 + column)).collect();
    let start = std::time::Instant::now();
    let set = NameSet::new(list, names.iter().map(String::as_str), None);
    let found = names.iter().filter(|name| set.read(name).is_ok()).count();
    assert!(
        found > 10 && start.elapsed().as_secs() < 20,
        "{found} in {:?}",
        start.elapsed()
    );
}

/// Examples of names, as `nebulium lines` shows them, are read as what they stand for.
#[test]
fn every_example_of_a_name_is_understood() {
    let list = list();
    let labels = || list.lines.iter().map(|line| line.label.as_str());
    let all = NameSet::new(list, labels(), None);
    for (index, line) in list.lines.iter().enumerate() {
        let names = names_of_line(list, &all, index);
        assert!(!names.is_empty(), "{}", line.label);
        for name in &names {
            let others = labels().filter(|label| *label != line.label).map(str::to_owned);
            let table: Vec<String> = others.chain([name.clone()]).collect();
            let set = NameSet::new(list, table.iter().map(String::as_str), Some(false));
            let reading = set.read(name).unwrap();
            assert_eq!(reading.line.members, [index], "{name} for {}", line.label);
        }
    }
    let examples: Vec<String> = list
        .merged
        .iter()
        .flat_map(|merged| {
            let members: Vec<usize> = merged.members.iter().filter_map(|label| list.position(label)).collect();
            names_of_sum(list, &members)
        })
        .collect();
    assert!(
        examples.len() > 50 && examples.iter().all(|name| alone(name).contains('+')),
        "{examples:?}"
    );
}

/// No text, of whatever signs and however long, is more than an error.
#[test]
fn arbitrary_texts_are_read_or_refused() {
    let pieces = [
        "O3", "_", "5007", "A", "+", "é", "iii", "[", "]", "h", "beta", "3727", ",", "29", ".", "µm", "_m", "_k-1",
        "-", " ", "Σ", "1e9",
    ];
    let mut state = 1_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..=(state >> 60) {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let set = NameSet::new(list(), [text.as_str()], None);
        assert!(is_name(&text) || set.read(&text).is_err(), "{text}");
    }
    for text in ["éiii", "iiié", "Σiv"]
        .map(str::to_owned)
        .into_iter()
        .chain(["_b", "_k-1", "9", "+OII3726", "_3729"].map(|piece| "O2_3726A".to_owned() + &piece.repeat(200_000)))
    {
        let _ = NameSet::new(list(), [text.as_str()], None).read(&text);
    }
}

#[test]
fn names_of_other_catalogues_find_their_lines() {
    let list = Set::built_in().unwrap().list;
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
        let found = NameSet::new(&list, [name], None).read(name).unwrap();
        assert_eq!(found.line.label, label, "{name}");
    }
    for text in ["", "z", "ID", "eOIII_5007", "h_alpha_broad", "ra", "chisq", "oiii"] {
        assert!(!is_name(text), "{text}");
    }
    let said = NameSet::new(&list, ["mgii_2796"], None).read("mgii_2796").unwrap_err();
    assert!(said.to_string().contains("`mgii_2796`"), "{said}");
}
