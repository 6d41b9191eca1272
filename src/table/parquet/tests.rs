//! Parquet tables, written here by the crate that reads them.

use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, FloatType, Int32Type, Int64Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;

use super::*;
use crate::table::tests::list;
use crate::table::{Kind, Settings, Sources};

/// A file of this schema, with row groups written by `group`.
fn file(schema: &str, groups: usize, group: impl Fn(usize, &mut SerializedRowGroupWriter<'_, Vec<u8>>)) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for number in 0..groups {
        let mut of_group = writer.next_row_group().unwrap();
        group(number, &mut of_group);
        of_group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

/// Writes the next column: its values, and the rows that have one where some have none.
fn column<T: ::parquet::data_type::DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    present: Option<&[i16]>,
) {
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<T>().write_batch(values, present, None).unwrap();
    column.close().unwrap();
}

fn sheet(bytes: &[u8]) -> Sheet<'static> {
    Sheet::open(Path::new("c.parquet"), Store::keep(bytes).unwrap()).unwrap()
}

/// A wide table of `groups` row groups of `rows` rows.
pub(crate) fn wide(groups: usize, rows: usize) -> Vec<u8> {
    let columns = ["H1_4861A", "H1_4861A_err", "O3_5007A", "O3_5007A_err"];
    let schema: String = columns.iter().map(|name| format!("optional double {name};")).collect();
    file(
        &format!("message t {{ required int64 object; {schema} }}"),
        groups,
        |number, group| {
            let first = (number * rows) as i64;
            column::<Int64Type>(group, &(first..first + rows as i64).collect::<Vec<_>>(), None);
            for value in [1.0, 0.01, 5.0, 0.05] {
                column::<DoubleType>(group, &vec![value; rows], Some(&vec![1; rows]));
            }
        },
    )
}

#[test]
fn cells_are_texts_of_their_kinds() {
    let schema = "message t { required boolean b; required int32 i; required int32 u (UINT_32); optional int64 k; \
                  required float f; required double d; optional binary s (UTF8); required int32 m (DECIMAL(5, 2)); }";
    let bytes = file(schema, 1, |_, group| {
        column::<BoolType>(group, &[true, false], None);
        column::<Int32Type>(group, &[-1, 2], None);
        column::<Int32Type>(group, &[-1, 2], None);
        column::<Int64Type>(group, &[i64::MAX], Some(&[1, 0]));
        column::<FloatType>(group, &[0.1, f32::NAN], None);
        column::<DoubleType>(group, &[0.1, f64::NAN], None);
        column::<ByteArrayType>(group, &[ByteArray::from("a ")], Some(&[0, 1]));
        column::<Int32Type>(group, &[150, -5], None);
    });
    let mut sheet = sheet(&bytes);
    let (integer, number, text) = (Some(Kind::Integer), Some(Kind::Number), Some(Kind::Text));
    assert_eq!(
        sheet.header().unwrap().kinds,
        [text, integer, None, integer, number, number, text, number]
    );
    sheet.select(&[7, 0, 1, 2, 3, 4, 5, 6]).unwrap();
    let mut record = StringRecord::new();
    assert_eq!(sheet.next(&mut record).unwrap(), Some(1));
    let first = [
        "true",
        "-1",
        "4294967295",
        "9223372036854775807",
        "0.1",
        "0.1",
        "",
        "1.5",
    ];
    assert_eq!(record, first[..]);
    assert_eq!(sheet.next(&mut record).unwrap(), Some(2));
    assert_eq!(record, ["false", "2", "2", "", "", "", "a", "-0.05"][..]);
    assert_eq!(sheet.next(&mut record).unwrap(), None);
}

#[test]
fn lists_and_structures_are_refused_where_they_are_read() {
    let schema = "message t { required int64 id; optional group l (LIST) { repeated group list { optional double element; } } \
                  required group s { required double x; required double y; } required int64 last; }";
    let bytes = file(schema, 0, |_, _| {});
    assert_eq!(sheet(&bytes).header().unwrap().names, ["id", "l", "s", "last"]);
    for (index, refused) in [false, true, true, false].into_iter().enumerate() {
        let error = sheet(&bytes).select(&[index]).err();
        assert_eq!(error.is_some(), refused);
        assert!(error.is_none_or(|error| {
            error
                .to_string()
                .contains("holds lists or structures, expected one value")
        }));
    }
}

#[test]
fn row_groups_follow_each_other() {
    let bytes = wide(3, ROWS + 7);
    let (list, settings) = (list(), Settings::default());
    let catalogue = Sources::of("c.parquet", bytes, &list, &settings).catalogue().unwrap();
    let ids: Vec<String> = catalogue.entries.iter().map(|entry| entry.id().to_owned()).collect();
    assert_eq!(ids, (0..3 * (ROWS + 7)).map(|row| row.to_string()).collect::<Vec<_>>());
}
