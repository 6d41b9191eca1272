//! Rejected objects beside objects that are read.

use super::*;

/// Expectation for an object without Hβ.
const NO_HBETA: (&str, &str) = (
    "NO_HBETA",
    "expected one, or `hbeta = 100` under [catalogue.columns] if all fluxes are relative to Hβ = 100",
);

fn in_full(reason: &str) -> String {
    format!("c.csv: {}", reason.replace(NO_HBETA.0, NO_HBETA.1))
}

/// Rows of a long-form object `a` with Hβ in row 2, and the reason for its rejection.
#[test]
fn a_bad_row_of_the_long_form_rejects_its_object() {
    let cases: [(&str, &[&str]); 22] = [
        (
            "a,H1_6563A,inf,0.1,,",
            &["row 3, column `flux`: found `inf`, expected a finite flux"],
        ),
        (
            "a,H1_6563A,2.8x,0.1,,",
            &["row 3, column `flux`: found `2.8x`, expected a finite flux"],
        ),
        (
            "a,H1_6563A,1e999,0.1,,",
            &["row 3, column `flux`: found `1e999`, expected a finite flux"],
        ),
        (
            "a,H1_6563A,2.8,nan,,",
            &["row 3, column `flux_err`: found `nan`, expected an error, as `flux` is given"],
        ),
        (
            "a,H1_6563A,2.8,-0.1,,",
            &[
                "row 3, column `flux_err`: found `-0.1`, expected a finite error ≥ 0; a sign for missing or for limits is set by `missing` or `limit_error`",
            ],
        ),
        (
            "a,H1_6563A,2.8,,,",
            &["row 3, column `flux_err`: found nothing, expected an error, as `flux` is given"],
        ),
        (
            "a,H1_6563A,2.8,0.1,wide,",
            &["row 3, column `ew`: found `wide`, expected a finite equivalent width in Å, > 0 for emission"],
        ),
        (
            "a,H1_6563A,2.8,0.1,-50,",
            &["row 3, column `ew`: found `-50`, expected a finite equivalent width in Å, > 0 for emission"],
        ),
        (
            "a,H1_6563A,2.8,0.1,0,",
            &["row 3, column `ew`: found `0`, expected a finite equivalent width in Å, > 0 for emission"],
        ),
        (
            "a,Hfoo,2.8,0.1,,",
            &[
                "row 3, column `line`: `Hfoo` is no name of a line: expected a label such as O3_5007A, a name such as [OIII]5007 or Hbeta, or a wavelength in Å; or say which it is: [lines] \"Hfoo\" = \"O3_5007A\"",
            ],
        ),
        (
            "a,O3_4959A,2.8,0.1,,",
            &[
                "row 3, column `line`: unknown line `O3_4959A`: no line of O3 lies near it, within 3 Å in air or vacuum (known: O3_4363A, O3_5007A)",
            ],
        ),
        (
            "a,S2_6716A,2.8,0.1,,",
            &["row 3, column `line`: unknown line `S2_6716A`: the emissivities hold no line of S2"],
        ),
        (
            "a,S2_6716A,,,,",
            &["row 3, column `line`: unknown line `S2_6716A`: the emissivities hold no line of S2"],
        ),
        (
            "a,O3_4363A_m,2.8,0.1,,",
            &["row 3, column `line`: merged line `O3_4363A_m` has no known members: give them, joined by `+`"],
        ),
        (
            "a,O3_4363A_m,2.8,0.1,,O3_4363A+O3_4364A",
            &["row 3, column `blend`: merged line `O3_4363A_m` names its member O3_4363A twice"],
        ),
        (
            "a,O3_4363A_m,2.8,0.1,,O3_4363A+",
            &[
                "row 3, column `blend`: `` is no name of a line: expected a label such as O3_5007A, a name such as [OIII]5007 or Hbeta, or a wavelength in Å; or say which it is: [lines] \"\" = \"O3_5007A\"",
            ],
        ),
        (
            "a,,2.8,0.1,,",
            &["row 3, column `line`: found nothing, expected a line's label, such as O3_5007A"],
        ),
        (
            "a,H1_6563A,2.8,0.1",
            &["row 3 has 4 fields, expected 6 as in the header"],
        ),
        (
            "a,H1_6563A,2,8,0,1,,",
            &["row 3 has 8 fields, expected 6 as in the header"],
        ),
        (
            "a,H1_4862A,1,0.1,,\na,O3_5007A,1,0.1,,",
            &["row 3, column `line`: H1_4862A is the same line as H1_4861A in row 2, expected each once"],
        ),
        (
            "a,O3_5007A,1,0.1,,\nb,H1_4861A,1,0.1,,\nb,O3_5007A,1,0.1,,\na,O3_5008A,2,0.1,,",
            &["row 6, column `line`: O3_5008A is the same line as O3_5007A in row 3, expected each once"],
        ),
        (
            "a,H1_6563A,x,-1,y,",
            &[
                "row 3, column `flux`: found `x`, expected a finite flux",
                "row 3, column `flux_err`: found `-1`, expected a finite error ≥ 0; a sign for missing or for limits is set by `missing` or `limit_error`",
                "row 3, column `ew`: found `y`, expected a finite equivalent width in Å, > 0 for emission",
            ],
        ),
    ];
    for (rows, expected) in cases {
        let text = format!("object,line,flux,flux_err,ew,blend\na,H1_4861A,1,0.1,,\n{rows}\n");
        let expected: Vec<String> = expected.iter().map(|reason| in_full(reason)).collect();
        assert_eq!(reasons(&text), expected, "{rows}");
    }
}

/// Hβ is never a limit, and `limit` is true or false.
#[test]
fn a_limit_must_make_sense() {
    let header = "object,line,flux,flux_err,limit";
    assert_eq!(
        reasons(&format!("{header}\na,H1_4861A,1,0.1,true\na,O3_5007A,1,0.1,maybe\n")),
        [
            "c.csv: row 2, column `limit`: found `true`, expected no limit for Hβ, by whose flux all others are divided",
            "c.csv: row 3, column `limit`: found `maybe`, expected a sign of an upper limit (`true`, `1`, `<`) or of none (`false`, `0`, blank)",
        ]
    );
}

/// Whole long-form tables with one object that cannot be fitted.
#[test]
fn an_object_that_cannot_be_fitted_is_rejected() {
    let cases: [(&str, &[&str]); 12] = [
        (
            "a,O3_5007A,1,0.1",
            &["row 2: object `a` has no flux of H1_4861A (Hβ), NO_HBETA"],
        ),
        (
            "a,H1_4861A,,\na,O3_5007A,1,0.1",
            &["row 2: object `a` has no flux of H1_4861A (Hβ), NO_HBETA"],
        ),
        (
            "a,H1_4861A,,",
            &["row 2: object `a` has no flux of H1_4861A (Hβ), NO_HBETA"],
        ),
        (
            "a,H1_4861A,1,0.1",
            &["row 2: object `a` has no line besides Hβ, expected one or more"],
        ),
        (
            "a,H1_4861A,0,0.1\na,O3_5007A,1,0.1",
            &["row 2, column `flux`: found `0`, expected a flux > 0, by which all others are divided"],
        ),
        (
            "a,H1_4861A,-3,0.1\na,O3_5007A,1,0.1",
            &["row 2, column `flux`: found `-3`, expected a flux > 0, by which all others are divided"],
        ),
        (
            "a,H1_4861A,nan,0.1\na,O3_5007A,1,0.1",
            &["row 2: object `a` has no flux of H1_4861A (Hβ), NO_HBETA"],
        ),
        (
            "a,H1_4861A,1,-1\na,O3_5007A,1,0.1",
            &[
                "row 2, column `flux_err`: found `-1`, expected a finite error ≥ 0; a sign for missing or for limits is set by `missing` or `limit_error`",
            ],
        ),
        (
            ",H1_4861A,1,0.1",
            &["row 2, column `object`: found nothing, expected an object's name"],
        ),
        ("a", &["row 2 has 1 fields, expected 4 as in the header"]),
        (
            "a,H1_4861A,1,0.1\na,H1_4861A,1,0.1",
            &[
                "row 3, column `line`: H1_4861A is the same line as H1_4861A in row 2, expected each once",
                "row 2: object `a` has no line besides Hβ, expected one or more",
            ],
        ),
        (
            "a,H1_4861A,x,0.1\na,S2_6716A,1,0.1",
            &[
                "row 2, column `flux`: found `x`, expected a flux > 0, by which all others are divided",
                "row 3, column `line`: unknown line `S2_6716A`: the emissivities hold no line of S2",
            ],
        ),
    ];
    for (rows, expected) in cases {
        let text = format!("object,line,flux,flux_err\n{rows}\nz,H1_4861A,1,0.1\nz,O3_5007A,1,0.1\n");
        let expected: Vec<String> = expected.iter().map(|reason| in_full(reason)).collect();
        assert_eq!(reasons(&text), expected, "{rows}");
        let catalogue = good(&text);
        assert!(
            matches!(&catalogue.entries[1], Entry::Fit(object) if object.id == "z"),
            "{rows}"
        );
    }
}

#[test]
fn a_row_cut_short_within_its_name_rejects_nobody_by_name() {
    let text = "object,line,flux,flux_err\nNGC 4861,H1_4861A,1,0.1\nNGC 4861,O3_5007A,1,0.1\nNGC 4";
    let catalogue = good(text);
    let ids: Vec<&str> = catalogue.entries.iter().map(Entry::id).collect();
    assert_eq!(ids, ["NGC 4861", ""]);
    assert_eq!(
        reasons(text),
        ["c.csv: row 4 has 1 fields, expected 4 as in the header"]
    );
}

/// Rows of a wide table below a good object `z`, and the reason for rejecting object `a` in row 3.
#[test]
fn a_bad_row_of_the_wide_form_is_rejected() {
    let cases: [(&str, &[&str]); 9] = [
        (
            "a,,,1,0.1,,,",
            &["row 3: object `a` has no flux of H1_4861A (Hβ), NO_HBETA"],
        ),
        (
            "a,1,0.1,,,,,",
            &["row 3: object `a` has no line besides Hβ, expected one or more"],
        ),
        (
            "a,1,0.1,inf,0.1,,,",
            &["row 3, column `O3_5007A`: found `inf`, expected a finite flux"],
        ),
        (
            "a,1,0.1,1,-1,,,",
            &[
                "row 3, column `O3_5007A_err`: found `-1`, expected a finite error ≥ 0; a sign for missing or for limits is set by `missing` or `limit_error`",
            ],
        ),
        (
            "a,1,0.1,1,,,,",
            &["row 3, column `O3_5007A_err`: found nothing, expected an error, as `O3_5007A` is given"],
        ),
        (
            "a,1,0.1,1,0.1,-4,,",
            &["row 3, column `O3_5007A_ew`: found `-4`, expected a finite equivalent width in Å, > 0 for emission"],
        ),
        (
            "a,1,0.1,1,0.1,,2,0.1",
            &["row 3, column `O3_5008A`: O3_5008A is the same line as O3_5007A in row 3, expected each once"],
        ),
        (
            "z,1,0.1,1,0.1,,,",
            &["row 3, column `object`: `z` stands in row 2 already, expected each once"],
        ),
        (
            ",1,0.1,1,0.1,,,",
            &["row 3, column `object`: found nothing, expected an object's name"],
        ),
    ];
    for (row, expected) in cases {
        let text = format!(
            "object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err,O3_5007A_ew,O3_5008A,O3_5008A_err\nz,1,0.1,,,,3,0.1\n{row}\n"
        );
        let expected: Vec<String> = expected.iter().map(|reason| in_full(reason)).collect();
        assert_eq!(reasons(&text), expected, "{row}");
    }
}

#[test]
fn priors_must_make_sense_and_agree() {
    let header = "object,line,flux,flux_err,prior_T_low,prior_T_low_sd";
    let cases = [
        ("x,", "row 3, column `prior_T_low`: found `x`, expected a finite mean"),
        (
            "12000,0",
            "row 3, column `prior_T_low_sd`: found `0`, expected a finite standard deviation > 0",
        ),
        (
            "12000,inf",
            "row 3, column `prior_T_low_sd`: found `inf`, expected a finite standard deviation > 0",
        ),
        (
            "12001,",
            "row 3, column `prior_T_low`: found 12001, expected 12000 as in row 2 of the same object",
        ),
    ];
    for (cells, expected) in cases {
        let text = format!("{header}\na,H1_4861A,1,0.1,12000,\na,O3_5007A,1,0.1,{cells}\n");
        assert_eq!(reasons(&text), [format!("c.csv: {expected}")], "{cells}");
    }
}
