//! Rows of CSV as bytes.

/// Writes a row as CSV, with quotes around fields that need them.
pub(super) fn csv(fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields).expect("memory takes all");
    writer.into_inner().expect("memory takes all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_separators_are_quoted() {
        assert_eq!(csv(["a,b", "c"]), b"\"a,b\",c\n");
    }
}
