//! Files that cannot be read as a whole.

use super::*;

/// Names that a column of the wide form may have.
const WIDE: &str = "object, a line's name, <name>_err, <name>_ew, <name>_limit, l_<name>, prior_<parameter>, \
                    prior_<parameter>_sd, or a pattern such as flux = \"{line}_flux\" under [catalogue.columns], which \
                    `nebulium init` guesses";

#[test]
fn a_file_that_cannot_be_read_as_a_whole_is_an_error() {
    let cases = [
        ("", "empty, expected a header and rows of comma-separated values"),
        (
            "# nothing\n\n",
            "empty, expected a header and rows of comma-separated values",
        ),
        ("# x\nobject,line,flux,flux_err\n", "no rows below the header in row 2"),
        (
            "object,line,flux\na,b,1\n",
            "row 1: no column `flux_err` in the header `object,line,flux`",
        ),
        (
            "name;H1_4861A;H1_4861A_err\na;1;0.1\nb;1;0.1\n",
            "row 1: unknown column: name; expected WIDE, or, to leave it unread, under [catalogue]: ignore_columns = \
             [\"name\"]",
        ),
        (
            "object,line,flux,flux_err,flux\n",
            "row 1: column `flux` stands twice in the header, as number 3 and 5; where pandas wrote a header of several \
             levels, `df.columns = ['_'.join(map(str, name)) for name in df.columns]` makes one of them",
        ),
        (
            "object,line,flux,flux_err,EQW,b\n",
            "row 1: unknown columns (2): EQW,b; expected object, line, flux, flux_err, ew, blend, limit, prior_<parameter>, \
             prior_<parameter>_sd, or, to leave them unread, under [catalogue]: ignore_columns = [\"EQW\", \"b\"]",
        ),
        (
            "object,H1_4861A,H1_4861A_err,S2_6716A,S2_6716A_err\n",
            "row 1, column `S2_6716A`: unknown line `S2_6716A`: the emissivities hold no line of S2",
        ),
        (
            "object,H1_4861A\n",
            "row 1: no column `H1_4861A_err` in the header `object,H1_4861A`",
        ),
        (
            "object,H1_4861A_err\n",
            "row 1: unknown column: H1_4861A_err; expected a column with the line's flux beside it, or, to leave it unread, \
             under [catalogue]: ignore_columns = [\"H1_4861A_err\"]",
        ),
    ];
    for (text, expected) in cases {
        let expected = expected.replace("WIDE", WIDE);
        assert_eq!(failure(text), format!("c.csv: {expected}"), "{text}");
    }
}

/// A row that cannot be read spoils only its object, in the wide form too.
#[test]
fn a_row_that_cannot_be_read_rejects_one_object() {
    let cases = [
        (
            "object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err\na,1,0.1,3,0.1\nb,1\n",
            "row 3 has 2 fields, expected 5 as in the header",
        ),
        (
            "object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err\na,1,0.1,3,0.1\nb,1,0.1,3,0.1,7\n",
            "row 3 has 6 fields, expected 5 as in the header",
        ),
        (
            "object,line,flux,flux_err\na,H1_4861A,1,0.1\na,O3_5007A,1,0.1\n\"b,H1_4861A,1,0.1\n",
            "row 4: a quoted field does not end in its row, expected a second `\"`",
        ),
    ];
    for (text, reason) in cases {
        let catalogue = good(text);
        assert!(
            matches!(&catalogue.entries[0], Entry::Fit(object) if object.id == "a"),
            "{text}"
        );
        assert_eq!(reasons(text), [format!("c.csv: {reason}")], "{text}");
    }
}

#[test]
fn a_file_that_is_no_utf_8_is_read_as_latin_1() {
    let bytes = b"object,line,flux,flux_err\nb\xe9b,H1_4861A,1,0.1\nb\xe9b,O3_5007A,1,0.1\n";
    let catalogue = parse_bytes(bytes, &Settings::default(), None).unwrap();
    assert_eq!(catalogue.entries[0].id(), "béb");
    assert_eq!(
        warnings(&catalogue),
        ["row 2 is not UTF-8: rows that are not are read as Latin-1"]
    );
    let said = read(Path::new("no/such.csv"), &list(), &Settings::default())
        .unwrap_err()
        .to_string();
    assert!(said.starts_with("no/such.csv: "), "{said}");
}
