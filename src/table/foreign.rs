//! Formats that are not read, by the bytes with which they begin, and how Python turns them into one that is.

use std::path::Path;

use crate::error::Error;

/// Bytes by which a format is recognised: those of a CDS table's title and authors fit in.
pub(crate) const SIGNATURE: usize = 1 << 14;

/// A format, the signs by which it is known, and the call that reads it in Python.
struct Foreign {
    what: &'static str,
    is: fn(&[u8]) -> bool,
    python: Python,
}

/// The library that reads a format.
enum Python {
    /// `astropy.table.Table.read` with this `format`.
    Astropy(&'static str),
    /// A call of pandas, such as `read_excel`.
    Pandas(&'static str),
    /// Some other advice.
    Advice(&'static str),
}

const FORMATS: [Foreign; 13] = [
    Foreign {
        what: "a VOTable",
        is: |start| contains(start, b"<VOTABLE"),
        python: Python::Astropy("votable"),
    },
    Foreign {
        what: "a machine-readable table of CDS or AAS (MRT)",
        is: |start| contains(start, b"Byte-by-byte Description of file"),
        python: Python::Astropy("ascii.mrt"),
    },
    Foreign {
        what: "a table in LaTeX",
        is: |start| {
            [&b"\\begin{"[..], b"\\documentclass", b"\\startdata"]
                .iter()
                .any(|sign| contains(start, sign))
        },
        python: Python::Astropy("ascii.latex"),
    },
    Foreign {
        what: "a table of IPAC",
        is: |start| start.starts_with(b"\\") || (start.starts_with(b"|") && is_ipac(start)),
        python: Python::Astropy("ascii.ipac"),
    },
    Foreign {
        what: "a page in HTML",
        is: |start| {
            [&b"<html"[..], b"<!DOCTYPE html", b"<HTML"]
                .iter()
                .any(|sign| contains(start, sign))
        },
        python: Python::Astropy("ascii.html"),
    },
    Foreign {
        what: "HDF5",
        is: |start| start.starts_with(b"\x89HDF\r\n\x1a\n"),
        python: Python::Pandas("read_hdf"),
    },
    Foreign {
        what: "a workbook of Excel or LibreOffice (xlsx, ods)",
        is: |start| start.starts_with(b"PK\x03\x04") && !contains(start, b".npy"),
        python: Python::Pandas("read_excel"),
    },
    Foreign {
        what: "a workbook of Excel (xls)",
        is: |start| start.starts_with(b"\xd0\xcf\x11\xe0"),
        python: Python::Pandas("read_excel"),
    },
    Foreign {
        what: "a file of Arrow or Feather",
        is: |start| start.starts_with(b"ARROW1") || start.starts_with(b"FEA1"),
        python: Python::Pandas("read_feather"),
    },
    Foreign {
        what: "arrays of numpy (npy, npz)",
        is: |start| start.starts_with(b"\x93NUMPY") || start.starts_with(b"PK\x03\x04"),
        python: Python::Advice("numpy.load reads it; astropy.table.Table(array).write(\"F.ecsv\") writes a table"),
    },
    Foreign {
        what: "a pickle of Python",
        is: |start| start.starts_with(b"\x80") && start.get(1).is_some_and(|version| (2..=5).contains(version)),
        python: Python::Pandas("read_pickle"),
    },
    Foreign {
        what: "JSON",
        is: |start| {
            matches!(
                start.trim_ascii_start(),
                [b'{', b'"' | b'\n' | b' ', ..] | [b'[', b'{' | b'[', ..]
            )
        },
        python: Python::Pandas("read_json"),
    },
    Foreign {
        what: "a binary file of an unknown kind",
        is: |start| start.contains(&0),
        python: Python::Advice("astropy.table.Table.read or pandas may read it and write a .ecsv or .csv"),
    },
];

/// The error that names the format of a file which begins with `start`, if that is one that is not read.
pub(crate) fn recognise(path: &Path, start: &[u8]) -> Option<Error> {
    let format = FORMATS.iter().find(|format| (format.is)(start))?;
    let file = path.display();
    let ecsv = path.with_extension("ecsv");
    let ecsv = ecsv.display();
    let remedy = match format.python {
        Python::Astropy(name) => format!(
            "from astropy.table import Table; Table.read({:?}, format=\"{name}\").write({:?})",
            file.to_string(),
            ecsv.to_string()
        ),
        Python::Pandas(call) => format!(
            "import pandas; pandas.{call}({:?}).to_csv({:?}, index=False)",
            file.to_string(),
            path.with_extension("csv").display().to_string()
        ),
        Python::Advice(advice) => advice.to_owned(),
    };
    Some(Error::ForeignFormat {
        path: path.to_owned(),
        what: format.what,
        remedy,
    })
}

fn contains(text: &[u8], sign: &[u8]) -> bool {
    text.windows(sign.len()).any(|window| window == sign)
}

/// Whether rows between bars are IPAC's, whose data stand between blanks.
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
        let cases: [(&[u8], &str); 8] = [
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
