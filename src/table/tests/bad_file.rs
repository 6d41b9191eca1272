//! Files that cannot be read as a whole.

use super::*;

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
            "line,flux,flux_err\na,b,1\n",
            "row 1: no column `object` in the header `line,flux,flux_err`",
        ),
        (
            "name;H1_4861A\na;1\n",
            "row 1: no column `object` in the header `name,H1_4861A`",
        ),
        (
            "object,line,flux,flux_err,flux\n",
            "row 1: column `flux` stands twice in the header, as number 3 and 5",
        ),
        (
            "object,line,flux,flux_err,EW\n",
            "row 1: unknown column `EW`, expected object, line, flux, flux_err, ew, blend, limit, prior_<parameter>, \
             prior_<parameter>_sd, or its name among the columns to ignore",
        ),
        (
            "object,H1_4861A,H1_4861A_err,z\n",
            "row 1: unknown column `z`, expected object, a line's label, <label>_err, <label>_ew, prior_<parameter>, \
             prior_<parameter>_sd, or its name among the columns to ignore",
        ),
        (
            "object,H1_4861A,H1_4861A_err,\n",
            "row 1: unknown column nothing, expected object, a line's label, <label>_err, <label>_ew, prior_<parameter>, \
             prior_<parameter>_sd, or its name among the columns to ignore",
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
            "row 1: unknown column `H1_4861A_err`, expected a column `H1_4861A` beside it, or its name among the columns \
             to ignore",
        ),
        (
            "object,H1_4861A,H1_4861A_err\na,1,0.1\nb,1",
            "row 3 has 2 fields, expected 3 as in the header",
        ),
        (
            "object,H1_4861A,H1_4861A_err\n\n# x\na,1,0.1,\n",
            "row 4 has 4 fields, expected 3 as in the header",
        ),
        (
            "object,line,flux,flux_err\n\"a,H1_4861A,1,0.1\nb,H1_4861A,1,0.1\n",
            "row 2: a quoted field does not end in its row, expected a second `\"`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(failure(text), format!("c.csv: {expected}"), "{text}");
    }
    let bytes = b"object,line,flux,flux_err\na,H1_4861A,1,0.1\nb\xe9b,H1_4861A,1,0.1\n";
    let said = parse_bytes(bytes, &Settings::default(), None).unwrap_err().to_string();
    assert_eq!(said, "c.csv: row 3 is not UTF-8 text");
    let said = read(Path::new("no/such.csv"), &list(), &Settings::default())
        .unwrap_err()
        .to_string();
    assert!(said.starts_with("no/such.csv: "), "{said}");
}
