//! Formats that are refused, recognised by their first bytes, and the Python that converts them.

use std::path::Path;

use crate::error::{Error, FormatError};

/// Bytes examined to recognise a format; title and authors of a CDS table fit in.
pub(crate) const SIGNATURE: usize = 1 << 14;

/// A format that is refused, its signature, and the Python that converts it.
struct Foreign {
    what: &'static str,
    is: fn(&[u8]) -> bool,
    /// `{file}`, `{csv}`, `{ecsv}` and `{copy}` stand for names of files.
    python: &'static str,
}

const FORMATS: [Foreign; 15] = [
    Foreign {
        what: "a VOTable",
        is: |start| contains(start, b"<VOTABLE"),
        python: "from astropy.table import Table; Table.read({file}, format=\"votable\").write({ecsv})",
    },
    Foreign {
        what: "a machine-readable table of CDS or AAS (MRT)",
        is: |start| contains(start, b"Byte-by-byte Description of file"),
        python: "from astropy.table import Table; Table.read({file}, format=\"ascii.mrt\").write({ecsv})",
    },
    Foreign {
        what: "a table in AASTeX",
        is: |start| contains(start, b"\\startdata"),
        python: "from astropy.table import Table; Table.read({file}, format=\"ascii.aastex\").write({ecsv})",
    },
    Foreign {
        what: "a table in LaTeX",
        is: |start| {
            [&b"\\begin{"[..], b"\\documentclass"]
                .iter()
                .any(|sign| contains(start, sign))
        },
        python: "from astropy.table import Table; Table.read({file}, format=\"ascii.latex\").write({ecsv})",
    },
    Foreign {
        what: "a table of IPAC",
        is: |start| start.starts_with(b"\\") || (start.starts_with(b"|") && is_ipac(start)),
        python: "from astropy.table import Table; Table.read({file}, format=\"ascii.ipac\").write({ecsv})",
    },
    Foreign {
        what: "a page in HTML",
        is: |start| {
            [&b"<html"[..], b"<!DOCTYPE html", b"<HTML"]
                .iter()
                .any(|sign| contains(start, sign))
        },
        python: "from astropy.table import Table; Table.read({file}, format=\"ascii.html\").write({ecsv}) # needs beautifulsoup4",
    },
    Foreign {
        what: "HDF5",
        is: |start| start.starts_with(b"\x89HDF\r\n\x1a\n"),
        python: "import pandas; pandas.read_hdf({file}).to_csv({csv}, index=False), or, of a file by astropy, \
                 from astropy.table import Table; Table.read({file}, format=\"hdf5\").write({ecsv})",
    },
    Foreign {
        what: "a workbook of Excel or LibreOffice (xlsx, ods)",
        is: |start| start.starts_with(b"PK\x03\x04") && !contains(start, b".npy"),
        python: "import pandas; pandas.read_excel({file}).to_csv({csv}, index=False)",
    },
    Foreign {
        what: "a workbook of Excel (xls)",
        is: |start| start.starts_with(b"\xd0\xcf\x11\xe0"),
        python: "import pandas; pandas.read_excel({file}).to_csv({csv}, index=False)",
    },
    Foreign {
        what: "a file of Arrow or Feather",
        is: |start| start.starts_with(b"ARROW1") || start.starts_with(b"FEA1"),
        python: "import pandas; pandas.read_feather({file}).to_csv({csv}, index=False)",
    },
    Foreign {
        what: "arrays of numpy (npy, npz)",
        is: |start| start.starts_with(b"\x93NUMPY") || start.starts_with(b"PK\x03\x04"),
        python: "import numpy; from astropy.table import Table; Table(numpy.load({file})).write({ecsv})",
    },
    Foreign {
        what: "a pickle of Python",
        is: |start| start.starts_with(b"\x80") && start.get(1).is_some_and(|version| (2..=5).contains(version)),
        python: "import pandas; pandas.read_pickle({file}).to_csv({csv}, index=False)",
    },
    Foreign {
        what: "JSON",
        is: |start| {
            matches!(
                start.trim_ascii_start(),
                [b'{', b'"' | b'\n' | b' ', ..] | [b'[', b'{' | b'[', ..]
            )
        },
        python: "import pandas; pandas.read_json({file}).to_csv({csv}, index=False)",
    },
    Foreign {
        what: "text in UTF-16",
        is: |start| start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff"),
        python: "open({copy}, \"w\", encoding=\"utf-8\").write(open({file}, encoding=\"utf-16\").read())",
    },
    Foreign {
        what: "a binary file of an unknown kind",
        is: |start| start.contains(&0),
        python: "from astropy.table import Table; Table.read({file}).write({ecsv}), if astropy knows it",
    },
];

/// Error that names the format of a file beginning with `start`, if that format is refused.
pub(crate) fn recognise(path: &Path, start: &[u8]) -> Option<Error> {
    let format = FORMATS.iter().find(|format| (format.is)(start))?;
    let quoted = |path: &Path| format!("{:?}", path.display().to_string());
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let copy = path.with_file_name(format!("{stem}_utf8.csv"));
    let name = |word: &str| match word {
        "file" => quoted(path),
        "csv" => quoted(&path.with_extension("csv")),
        "ecsv" => quoted(&path.with_extension("ecsv")),
        _ => quoted(&copy),
    };
    let mut remedy = String::new();
    for piece in format.python.split_inclusive('}') {
        match piece.trim_end_matches('}').split_once('{') {
            Some((before, word)) => remedy.extend([before, &name(word)]),
            None => remedy.push_str(piece),
        }
    }
    Some(Error::Format(FormatError::ForeignFormat {
        path: path.to_owned(),
        what: format.what,
        remedy,
    }))
}

fn contains(text: &[u8], sign: &[u8]) -> bool {
    text.windows(sign.len()).any(|window| window == sign)
}

/// Tells whether rows between bars are those of IPAC, whose data stand between blanks.
fn is_ipac(start: &[u8]) -> bool {
    let rows = start.split(|byte| *byte == b'\n').filter(|row| !row.is_empty());
    let (bars, others): (Vec<&[u8]>, Vec<&[u8]>) = rows.partition(|row| row.starts_with(b"|"));
    bars.len() >= 2 && others.iter().any(|row| row.starts_with(b" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_formats_are_named_with_a_line_of_python() {
        let cases: [(&[u8], &str); 9] = [
            (b"<?xml version='1.0'?>\n<VOTABLE version='1.4'>", "format=\"votable\""),
            (
                b"Title: T\nByte-by-byte Description of file: t\n",
                "format=\"ascii.mrt\"",
            ),
            (b"\\begin{tabular}{cc}", "format=\"ascii.latex\""),
            (b"\x89HDF\r\n\x1a\n", "read_hdf"),
            (b"PK\x03\x04..xl/workbook.xml", "read_excel"),
            (b"[{\"object\": 1}]", "read_json"),
            (b"|object|flux|\n|char|real|\n a      1.0\n", "format=\"ascii.ipac\""),
            (b"\xff\xfea\0", "open(\"t_utf8.csv\", \"w\""),
            (b"a\0b", "unknown kind"),
        ];
        for (start, part) in cases {
            let said = recognise(Path::new("t.dat"), start).unwrap().to_string();
            assert!(said.contains(part) && said.starts_with("t.dat: "), "{said}");
        }
        assert!(recognise(Path::new("t.csv"), b"object,H1_4861A\na,1\n").is_none());
        assert!(recognise(Path::new("t.csv"), b"| object | Hbeta |\n|---|---|\n| a | 1 |\n").is_none());
    }
}
