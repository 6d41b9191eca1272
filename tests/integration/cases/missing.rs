//! Missing values, limits and errors: one meaning in long and wide form.

use super::{object, objects};

/// Signs for a value that is not there.
const ABSENT: [&str; 16] = [
    "", "-", "--", "---", "...", "…", "nan", "NaN", "NA", "N/A", "n/a", "None", "null", "NULL", "<NA>", "—",
];

const LONG: &str = "object,line,flux,flux_err,limit\na,Hbeta,100,1,\na,O3_5007A,500,5,\na,O3_4363A,FLUX,ERROR,LIMIT\n";
const WIDE: &str = "object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err,O3_4363A,O3_4363A_err,l_O3_4363A\n\
                    a,100,1,500,5,FLUX,ERROR,LIMIT\n";

/// The object as either form gives it, [O III] 4363 with this flux, error and limit.
#[track_caller]
fn told_of(flux: &str, error: &str, limit: &str, toml: &str) -> String {
    let filled = |text: &str| {
        text.replace("FLUX", flux)
            .replace("ERROR", error)
            .replace("LIMIT", limit)
    };
    let long = object("t.csv", &filled(LONG), toml);
    let wide = object("t.csv", &filled(WIDE), toml);
    let column = |text: &str| text.split(": row ").next().unwrap().to_owned();
    assert_eq!(column(&long), column(&wide), "{flux} {error} {limit}");
    long
}

const WITHOUT: &str = "a 100±1: O3_5007A 5±0.05";

#[test]
fn every_sign_of_a_missing_value_is_one() {
    for flux in ABSENT {
        for error in ABSENT {
            assert_eq!(told_of(flux, error, "", ""), WITHOUT, "{flux} {error}");
        }
        assert_eq!(told_of(flux, "0.3", "", ""), WITHOUT, "{flux}");
    }
    for sign in ["x", "?", "-9x", "inf", "-inf", "bad"] {
        assert!(told_of(sign, "0.3", "", "").contains("rejected: "), "{sign}");
    }
}

#[test]
fn a_flux_whose_error_is_missing_is_refused() {
    for error in ABSENT {
        assert!(told_of("9.7", error, "", "").contains("rejected: "), "{error}");
    }
    let fraction = "[catalogue]\nflux_error = 0.1";
    assert_eq!(
        told_of("10", "--", "", fraction),
        format!("{WITHOUT}, O3_4363A 0.1±0.01")
    );
}

#[test]
fn every_sign_of_a_limit_is_one() {
    let limit = format!("{WITHOUT}, O3_4363A <0.1±");
    for flux in ["<10", "< 10", "≤10", "<=10", "<1.0e1", "<1.0D+01"] {
        assert_eq!(told_of(flux, "", "", ""), format!("{limit}0"), "{flux}");
        assert_eq!(told_of(flux, "2", "", ""), format!("{limit}0.02"), "{flux}");
        assert_eq!(told_of(flux, "--", "", ""), format!("{limit}0"), "{flux}");
    }
    for sign in ["true", "TRUE", "T", "1", "yes", "<", "≤", "<=", "1.0", "UL"] {
        assert_eq!(told_of("10", "", sign, ""), format!("{limit}0"), "{sign}");
    }
    for sign in ["false", "F", "0", "no", "", "=", "--", "0.0"] {
        assert_eq!(
            told_of("10", "1", sign, ""),
            format!("{WITHOUT}, O3_4363A 0.1±0.01"),
            "{sign}"
        );
    }
    for (flux, sign) in [(">10", ""), ("≥10", ""), ("10", "maybe"), ("<", ""), ("<x", "")] {
        assert!(told_of(flux, "1", sign, "").contains("rejected: "), "{flux} {sign}");
    }
}

#[test]
fn an_error_can_mark_a_limit() {
    let limit = format!("{WITHOUT}, O3_4363A <0.1±0");
    for (toml, error) in [
        ("-1", "-1"),
        ("-99", "-99.0"),
        ("\"negative\"", "-0.3"),
        ("\"negative\"", "−2"),
        ("0", "0"),
    ] {
        let toml = format!("[catalogue.columns]\nlimit_error = {toml}");
        assert_eq!(told_of("10", error, "", &toml), limit, "{toml}");
        assert_eq!(
            told_of("10", "1", "", &toml),
            format!("{WITHOUT}, O3_4363A 0.1±0.01"),
            "{toml}"
        );
    }
    assert!(told_of("10", "-1", "", "").contains("rejected: "));
}

/// No code says of itself that it is one, for a flux can be -99.
#[test]
fn codes_are_named_in_the_configuration() {
    let toml = |missing: &str| format!("[catalogue.columns]\nmissing = [{missing}]");
    for (missing, flux, error) in [
        ("\"-99\"", "-99", "-99"),
        ("\"-99\"", "-99.0", "0.1"),
        ("\"-9999\"", "-9.999e3", "-9999"),
        ("\"0/0\"", "0", "0.0"),
        ("\"error<=0\"", "5", "0"),
        ("\"error<=0\"", "5", "-3"),
        ("\"0\"", "0", "1"),
    ] {
        assert_eq!(
            told_of(flux, error, "", &toml(missing)),
            WITHOUT,
            "{missing} {flux} {error}"
        );
    }
    let told = told_of("-99", "-99", "", "");
    assert!(
        told.contains("found `-99`, expected a finite error ≥ 0") && told.contains("`missing`"),
        "{told}"
    );
    assert_eq!(
        told_of("0", "1", "", &toml("\"0/0\"")),
        format!("{WITHOUT}, O3_4363A 0±0.01")
    );
}

#[test]
fn a_limit_on_hbeta_is_no_hbeta() {
    let long = "object,line,flux,flux_err,limit\na,Hbeta,FLUX,ERROR,LIMIT\na,O3_5007A,500,5,\n";
    let wide = "object,H1_4861A,H1_4861A_err,H1_4861A_limit,O3_5007A,O3_5007A_err\na,FLUX,ERROR,LIMIT,500,5\n";
    let sign = "[catalogue.columns]\nlimit_error = -1";
    for (flux, error, limit, toml) in [
        ("<100", "", "", ""),
        ("<100", "1", "", ""),
        ("100", "1", "true", ""),
        ("100", "", "1", ""),
        ("100", "-1", "", sign),
    ] {
        for text in [long, wide] {
            let text = text
                .replace("FLUX", flux)
                .replace("ERROR", error)
                .replace("LIMIT", limit);
            let told = object("t.csv", &text, toml);
            assert!(
                told.starts_with("a rejected: ") && told.contains("expected no limit for Hβ"),
                "{told}"
            );
        }
    }
}

#[test]
fn numbers_of_other_programs_are_numbers() {
    let read = format!("{WITHOUT}, O3_4363A 0.1±0.01");
    for (flux, error) in [
        ("1.0D1", "1.0d+00"),
        ("+10", "1."),
        ("1e1", ".1e1"),
        ("10", "1.0E+00"),
        (" 10 ", " 1 "),
    ] {
        assert_eq!(told_of(flux, error, "", ""), read, "{flux}");
    }
    assert_eq!(told_of("−10", "1", "", ""), format!("{WITHOUT}, O3_4363A -0.1±0.01"));
    let decimal = |text: &str| {
        text.replace(',', ";")
            .replace("FLUX", "10,0")
            .replace("ERROR", "1,00")
            .replace("LIMIT", "")
    };
    assert_eq!(object("t.csv", &decimal(LONG), ""), read);
    assert_eq!(object("t.csv", &decimal(WIDE), ""), read);
    assert!(told_of("\"1,000.5\"", "1", "", "").contains("found `1,000.5`"));
}

#[test]
fn two_unequal_errors_give_the_larger_and_say_so() {
    let asymmetric = "[catalogue]\nformat = \"FORM\"\n[catalogue.columns]\nobject = \"id\"\nflux = \"FLUX\"\nerror = \"UP\"\nerror_other = \"DOWN\"";
    let named = |form: &str, flux: &str, up: &str, down: &str| {
        asymmetric
            .replace("FORM", form)
            .replace("FLUX", flux)
            .replace("UP", up)
            .replace("DOWN", down)
    };
    let long = "id,line,f,up,down\na,Hbeta,100,1,1\na,O3_5007A,500,5,-10\n";
    let wide = "id,f_Hb,u_Hb,d_Hb,f_OIII5007,u_OIII5007,d_OIII5007\na,100,1,1,500,10,5\n";
    let larger = "a 100±1: O3_5007A 5±0.1 [asymmetric_error]";
    assert_eq!(object("t.csv", long, &named("long", "f", "up", "down")), larger);
    assert_eq!(
        object("t.csv", wide, &named("wide", "f_{line}", "u_{line}", "d_{line}")),
        larger
    );
    let equal = long.replace("-10", "-5");
    assert_eq!(object("t.csv", &equal, &named("long", "f", "up", "down")), WITHOUT);
}

#[test]
fn errors_can_be_fractions_per_cent_or_inverse_variances() {
    let rows = "object,line,flux,flux_err\na,Hbeta,100,A\na,O3_5007A,500,B\n";
    for (key, [hbeta, oxygen]) in [
        ("relative_errors = true", ["0.01", "0.01"]),
        ("percent_errors = true", ["1", "1"]),
        ("columns.ivar = \"flux_err\"", ["1", "0.04"]),
    ] {
        let rows = rows
            .replace(",A", &format!(",{hbeta}"))
            .replace(",B", &format!(",{oxygen}"));
        assert_eq!(object("t.csv", &rows, &format!("[catalogue]\n{key}")), WITHOUT, "{key}");
    }
    let zero = rows.replace(",A", ",1").replace(",B", ",0");
    let unknown = "[catalogue]\nzero_error_unknown = true\n";
    assert!(object("t.csv", &zero, unknown).contains("0 says here that the error is not known"));
    assert_eq!(object("t.csv", &zero, &format!("{unknown}flux_error = 0.01")), WITHOUT);
}

#[test]
fn errors_above_most_fluxes_are_doubted() {
    let rows = "object,line,flux,flux_err\na,Hbeta,1,3\na,O3_5007A,5,10\na,O3_4363A,0.1,0.2\n";
    let any_hbeta = "[catalogue]\nhbeta_snr = 0";
    assert!(object("t.csv", rows, any_hbeta).ends_with("[doubtful_errors]"));
    let told = object("t.csv", rows, "[catalogue]\nrelative_errors = true");
    assert!(
        told.contains("rejected: ") && told.contains("relative_errors = false"),
        "{told}"
    );
}

#[test]
fn objects_keep_their_order_and_number() {
    let rows: String = (0..30)
        .map(|row| format!("o{row},{},1,500,5\n", if row % 3 == 0 { "" } else { "100" }))
        .collect();
    let told = objects(
        "t.csv",
        &format!("object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err\n{rows}"),
        "",
    );
    assert_eq!(told.len(), 30);
    for (row, told) in told.iter().enumerate() {
        assert!(
            told.starts_with(&format!("o{row} ")) && told.contains("rejected") == (row % 3 == 0),
            "{told}"
        );
    }
}
