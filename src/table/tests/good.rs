//! Catalogues that are read, and the warnings about them.

use super::*;

const LONG: &str = "object,line,flux,flux_err,ew,prior_T_low,prior_T_low_sd\n\
    # two galaxies\n\
    a,H1_4861A,200,4,100,12000,500\n\
    b,H1_4861A,1,0.01,,,\n\
    a,O3_5008A,600,12,50,,\n\
    \n\
    a,O2_3727A_m,-2.5,3,-1,12000,\n\
    b,H1_4340A,0.47,0.02,,,\n\
    b,O3_4363A,,,,,\n";

const WIDE: &str = "prior_T_low_sd,prior_T_low,object,H1_4861A,H1_4861A_err,H1_4861A_ew,O3_5008A,O3_5008A_err,O3_5008A_ew,\
    O2_3727A_m,O2_3727A_m_err,O2_3727A_m_ew,H1_4340A,H1_4340A_err,O3_4363A,O3_4363A_err\n\
    500,12000,a,200,4,100,600,12,50,-2.5,3,-1,,,,\n\
    ,,b,1,0.01,,,,,,,,0.47,0.02,,\n";

#[test]
fn both_forms_give_the_same_objects() {
    let (long, wide) = (good(LONG), good(WIDE));
    let (mut long, mut wide): (Vec<Object>, Vec<Object>) = (
        objects(&long).into_iter().cloned().collect(),
        objects(&wide).into_iter().cloned().collect(),
    );
    assert_eq!(long.iter().map(|object| object.row).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(wide.iter().map(|object| object.row).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(
        long[0].measurements.iter().map(|line| line.row).collect::<Vec<_>>(),
        [5, 7]
    );
    for object in long.iter_mut().chain(&mut wide) {
        object.row = 0;
        for measurement in object.measurements.iter_mut().chain([&mut object.hbeta]) {
            measurement.row = 0;
            measurement.column = "".into();
        }
    }
    assert_eq!(long, wide);
}

#[test]
fn fluxes_are_relative_to_hbeta() {
    let catalogue = good(LONG);
    let a = objects(&catalogue)[0];
    assert_eq!((a.hbeta.flux, a.hbeta.flux_err, a.hbeta.ew), (200.0, 4.0, Some(100.0)));
    assert_eq!(a.measurements[0].line.label, "O3_5008A");
    assert_eq!(a.measurements[0].line.members, [6]);
    assert_eq!(
        (a.measurements[0].flux, a.measurements[0].flux_err, a.measurements[0].ew),
        (3.0, 0.06, Some(50.0))
    );
    assert_eq!(a.measurements[1].line.members, [3, 4]);
    assert_eq!((a.measurements[1].flux, a.measurements[1].ew), (-0.0125, None));
    assert_eq!(
        a.priors["T_low"],
        PriorOverride {
            mean: Some(12000.0),
            sd: Some(500.0)
        }
    );
    let b = objects(&catalogue)[1];
    assert_eq!(b.measurements.len(), 1);
    assert!(b.priors.is_empty());
    assert_eq!(warnings(&catalogue), [""; 0]);
    assert_eq!(catalogue.files, good(LONG).files);
    assert_ne!(catalogue.files, good(WIDE).files);
}

#[test]
fn byte_order_mark_crlf_and_blanks_change_nothing() {
    let plain = good(LONG);
    let dressed = good(&format!(
        "\u{feff}{}",
        LONG.replace('\n', "\r\n").replace(",O3", " ,\tO3")
    ));
    assert_eq!(objects(&plain), objects(&dressed));
    assert_eq!(warnings(&dressed), [""; 0]);
    let quoted = good(&LONG.replace("\na,", "\n\"a\","));
    assert_eq!(objects(&plain), objects(&quoted));
}

#[test]
fn members_come_from_the_cell_then_from_the_settings() {
    let text = "object,line,blend,flux,flux_err\na,H1_4861A,,1,0.1\na,O3_4363A,O3_4363A + H1_4341A,2,0.1\n\
                a,O2_3729A,,3,0.1\nb,H1_4861A,,1,0.1\nb,O3_4363A,,3,0.1\n";
    let mut settings = Settings::default();
    settings.blends.insert(
        "O2_3729A".to_owned(),
        vec!["O2_3726A".to_owned(), "O2_3729A".to_owned()],
    );
    settings
        .blends
        .insert("O3_4364A".to_owned(), vec!["O3_4363A".to_owned()]);
    let catalogue = parse_with(text, &settings).unwrap();
    let members = |object: usize, line: usize| &objects(&catalogue)[object].measurements[line].line.members;
    assert_eq!(*members(0, 0), [5, 0]);
    assert_eq!(*members(0, 1), [3, 4]);
    assert_eq!(*members(1, 0), [5]);
    let unused = "members are given for `O3_4364A`, which the catalogue does not have; check its spelling";
    assert_eq!(warnings(&catalogue), [unused]);
    let wide = "object,H1_4861A,H1_4861A_err,O2_3729A,O2_3729A_err\na,1,0.1,3,0.1\n";
    let catalogue = parse_with(wide, &settings).unwrap();
    assert_eq!(objects(&catalogue)[0].measurements[0].line.members, [3, 4]);
    assert_eq!(warnings(&catalogue), [unused]);
}

#[test]
fn limits_are_marked() {
    let text =
        "object,line,flux,flux_err,limit\na,H1_4861A,2,0.1,\na,O3_4363A,0.02,0.01,true\na,O3_5007A,4,0.1,false\n";
    let catalogue = good(text);
    let a = objects(&catalogue)[0];
    assert_eq!(
        a.measurements.iter().map(|line| line.limit).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!((a.measurements[0].flux, a.measurements[0].flux_err), (0.01, 0.005));
}

#[test]
fn columns_to_ignore_are_left_in_silence() {
    let text = "object,line,flux,flux_err,f_lambda,Note_1\na,H1_4861A,1,0.1,x,\na,O3_5007A,1,0.1,y,z\n";
    let ignoring = |patterns: &[&str]| Settings {
        ignore_columns: patterns.iter().map(|&pattern| pattern.to_owned()).collect(),
        ..Settings::default()
    };
    let catalogue = parse_with(text, &ignoring(&["F_*", "note_1"])).unwrap();
    assert_eq!(warnings(&catalogue), [""; 0]);
    assert!(parse_with(text, &ignoring(&["*"])).is_ok());
    let said = parse_with(text, &ignoring(&[])).unwrap_err().to_string();
    assert!(
        said.starts_with("c.csv: row 1: unknown columns (2): f_lambda,Note_1; expected object, line, flux,")
            && said.ends_with("ignore_columns = [\"f_lambda\", \"Note_1\"]"),
        "{said}"
    );
}

/// Identifiers go into the results unasked, other columns if `keep` names them. Rejected objects
/// have them too.
#[test]
fn columns_are_kept() {
    let settings = Settings {
        keep: vec!["slit*".to_owned()],
        ..Settings::default()
    };
    let wide = "object,RA,slit_1,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err\na,1.50,x,1,0.1,3,0.1\nb,2,,,,3,0.1\n";
    let long =
        "object,RA,slit_1,line,flux,flux_err\na,1.50,,H1_4861A,1,0.1\na,1.50,x,O3_5007A,3,0.1\nb,2,,O3_5007A,3,0.1\n";
    for text in [wide, long] {
        let catalogue = parse_with(text, &settings).unwrap();
        let kept = |entry: &Entry| -> Vec<(String, String)> {
            let kept = entry.kept().iter();
            kept.map(|kept| (kept.column.name.clone(), kept.value.clone()))
                .collect()
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(kept(&catalogue.entries[0]), [pair("RA", "1.50"), pair("slit_1", "x")]);
        assert!(matches!(catalogue.entries[1], Entry::Rejected { .. }));
        assert_eq!(kept(&catalogue.entries[1]), [pair("RA", "2"), pair("slit_1", "")]);
        let settings = Settings {
            keep: vec!["plate_9".to_owned()],
            ..Settings::default()
        };
        let said = parse_with(text, &settings).unwrap_err().to_string();
        assert!(said.contains("no column `plate_9` in the header"), "{said}");
    }
}

/// Rows before the header or after the data: comments, blank rows of any sort, rows of nothing but
/// separators.
#[test]
fn what_says_nothing_is_passed_over() {
    let row = |text: &str| objects(&good(text))[0].measurements.len();
    let rows = [
        "object;line;flux;flux_err",
        "a;H1_4861A;1;0.02",
        "a;O3_5007A;4;0.1",
        "# c",
    ];
    for end in ["\n", "\r\n", "\r", "\n\r", "\r\r\n"] {
        let text = rows.join(end);
        assert_eq!(row(&text), 1, "{text:?}");
        assert_eq!(row(&format!("{text}{end}")), 1, "{text:?}");
        assert_eq!(
            row(&format!("# b{end}{text}{end}# d{end}a;O2_3726A;2;0.1{end}")),
            2,
            "{text:?}"
        );
    }
    let text = rows.join("\n");
    for before in [" \u{a0}\n", "\u{b}\n", "\u{feff}# c\n", "\u{feff}\n\n", "  \n# x\n\n"] {
        assert_eq!(row(&format!("{before}{text}")), 1, "{before:?}");
    }
    assert_eq!(row(&format!("{}\n;;;\n;\n{}", rows[0], rows[1..].join("\n;;;\n"))), 1);
    let neat = parse_with(",,\n4861.33,100,1\n5006.84,300,3\n", &Settings::default()).unwrap();
    assert_eq!(neat.format, Format::Neat);
}

/// The first few of a million warnings are kept, and the number of all.
#[test]
fn of_many_warnings_of_a_kind_the_first_are_kept() {
    let mut text = "object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err\n".to_owned();
    for object in 0..12 {
        text += &format!("galaxy {object},1,0.1,4,0\n");
    }
    let mut catalogue = good(&text);
    assert_eq!(
        (
            catalogue.warnings.iter().count(),
            catalogue.warnings.more().sum::<usize>()
        ),
        (5, 7)
    );
    catalogue.warnings.join(good(&text).warnings);
    assert_eq!(
        (
            catalogue.warnings.iter().count(),
            catalogue.warnings.more().sum::<usize>()
        ),
        (5, 19)
    );
    assert!(
        warnings(&catalogue)[4].contains("`galaxy 4`"),
        "{:?}",
        warnings(&catalogue)
    );
}

#[test]
fn what_deserves_a_look_is_said() {
    let text = "object,line,flux,flux_err\na,H1_4861A,1,0.1\na,O3_5007A,1,0\na,O2_3726A_m,2,0.1\na,O2_3729A,1,0.1";
    let catalogue = good(text);
    assert_eq!(objects(&catalogue)[0].measurements[0].flux_err, 0.0);
    assert_eq!(
        warnings(&catalogue),
        [
            "row 3, column `flux_err`: the error of O3_5007A of object `a` is 0: the error floor stands in for it; give \
             the error if it is known",
            "row 5: O2_3729A of object `a` shares a line with O2_3726A_m in row 4: its flux counts twice; leave one of \
             them out",
            "the last row, 5, has no line end: see that the file was not cut short within its last value",
        ]
    );
}

#[test]
fn a_side_table_wins_over_the_catalogues_own_priors() {
    let side = |text: &str| priors::parse(Path::new("p.csv"), text.as_bytes());
    let table = side("# x\nobject,prior_T_low,prior_n_e,prior_n_e_sd\na,13000,,\nb,,100,30\nc,1,,\n").unwrap();
    let catalogue = parse_bytes(LONG.as_bytes(), &Settings::default(), Some(table)).unwrap();
    let priors = |index: usize| &objects(&catalogue)[index].priors;
    assert_eq!(
        priors(0)["T_low"],
        PriorOverride {
            mean: Some(13000.0),
            sd: Some(500.0)
        }
    );
    assert_eq!(priors(0).len(), 1);
    assert_eq!(
        priors(1)["n_e"],
        PriorOverride {
            mean: Some(100.0),
            sd: Some(30.0)
        }
    );
    let unused = "p.csv: row 5: priors for object `c`, which the catalogue does not have; check its spelling";
    assert_eq!(warnings(&catalogue), [unused]);
    let cases = [
        ("T_low\n", "row 1: no column `object` in the header `T_low`"),
        (
            "object,T_low\n",
            "row 1: unknown column: T_low; expected object, prior_<parameter>, prior_<parameter>_sd, or, to leave it unread, \
             under [catalogue]: ignore_columns = [\"T_low\"]",
        ),
        (
            "object,prior_n_e\na,1\na,2\n",
            "row 3, column `object`: `a` stands in row 2 already, expected each once",
        ),
        (
            "object,prior_n_e\n,1\n",
            "row 2, column `object`: found nothing, expected an object's name",
        ),
        (
            "object,prior_n_e\na,inf\n",
            "row 2, column `prior_n_e`: found `inf`, expected a finite mean",
        ),
        (
            "object,prior_n_e\na\n",
            "row 2 has 1 fields, expected 2 as in the header",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(
            side(text).unwrap_err().to_string(),
            format!("p.csv: {expected}"),
            "{text}"
        );
    }
}

/// `hbeta` gives the scale of a table that does not list Hβ. It fills no blank of a table that
/// does.
#[test]
fn an_implied_hbeta_fills_no_blanks() {
    let mut settings = Settings::default();
    settings.columns.hbeta = Some(100.0);
    let implied = parse_with("object,O3_5007A,O3_5007A_err\na,500,5\n", &settings).unwrap();
    assert_eq!(objects(&implied)[0].measurements[0].flux, 5.0);
    let wide = "object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err\na,200,2,500,5\nb,,,500,5\n";
    let long = "object,line,flux,flux_err\na,H1_4861A,200,2\na,O3_5007A,500,5\nb,O3_5007A,500,5\n";
    for text in [wide, long] {
        let catalogue = parse_with(text, &settings).unwrap();
        assert!(matches!(&catalogue.entries[0], Entry::Fit(object) if object.measurements[0].flux == 2.5));
        assert!(matches!(&catalogue.entries[1], Entry::Rejected { .. }), "{text}");
    }
}
