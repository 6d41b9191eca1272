//! A column of a Parquet table: the type of its values, and their text.

use ::parquet::basic::{ConvertedType, LogicalType, Type};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use crate::table::Kind;

/// Prefix of the name under which pandas writes an index without a name.
const INDEX: &str = "__index_level_";

/// Texts of some rows of a column; none where null.
pub(super) type Cells = Vec<Option<String>>;

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    /// Index among the columns of the file, where the parts of structures count one by one.
    pub(super) leaf: usize,
    /// Type of the values, or the content of cells that cannot be read.
    pub(super) form: std::result::Result<Form, String>,
    nullable: bool,
}

/// Type of the values in a column.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Truth,
    Integer,
    Unsigned,
    /// Integers, to be divided by this power of ten.
    Decimal(i32),
    Number,
    Text,
}

/// Columns of a table, without the index that pandas adds.
pub(super) fn columns(schema: &SchemaDescriptor) -> Vec<Column> {
    let roots = schema.root_schema().get_fields();
    let leaves = (0..schema.num_columns()).map(|leaf| (schema.get_column_root_idx(leaf), leaf));
    let mut columns: Vec<Column> = Vec::with_capacity(roots.len());
    let mut last = None;
    for (root, leaf) in leaves {
        if last == Some(root) {
            continue;
        }
        last = Some(root);
        let (descriptor, root) = (schema.column(leaf), &roots[root]);
        if !root.name().starts_with(INDEX) {
            columns.push(Column {
                name: root.name().to_owned(),
                leaf,
                form: match root.is_primitive() && descriptor.max_rep_level() == 0 {
                    true => Form::of(&descriptor),
                    false => Err("lists or structures".to_owned()),
                },
                nullable: descriptor.max_def_level() > 0,
            });
        }
    }
    columns
}

impl Form {
    fn of(column: &ColumnDescriptor) -> std::result::Result<Form, String> {
        let logical = column.logical_type_ref();
        let decimal =
            column.converted_type() == ConvertedType::DECIMAL || matches!(logical, Some(LogicalType::Decimal(_)));
        let unsigned = match (logical, column.converted_type()) {
            (Some(LogicalType::Integer(integer)), _) => !integer.is_signed,
            (_, converted) => matches!(
                converted,
                ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64
            ),
        };
        match column.physical_type() {
            Type::BOOLEAN => Ok(Form::Truth),
            Type::INT32 | Type::INT64 if decimal => Ok(Form::Decimal(column.type_scale())),
            Type::INT32 | Type::INT64 if unsigned => Ok(Form::Unsigned),
            Type::INT32 | Type::INT64 => Ok(Form::Integer),
            Type::FLOAT | Type::DOUBLE => Ok(Form::Number),
            Type::INT96 => Err("times of 96 bits".to_owned()),
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY if decimal => Err("decimals of any length".to_owned()),
            Type::FIXED_LEN_BYTE_ARRAY if matches!(logical, Some(LogicalType::Float16)) => {
                Err("numbers of 16 bits".to_owned())
            }
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => Ok(Form::Text),
        }
    }
}

impl Column {
    /// Kind of the values; none where the values must decide, as for unsigned integers.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self.form {
            Ok(Form::Integer) => Some(Kind::Integer),
            Ok(Form::Decimal(_) | Form::Number) => Some(Kind::Number),
            Ok(Form::Unsigned) => None,
            Ok(Form::Truth | Form::Text) | Err(_) => Some(Kind::Text),
        }
    }

    /// Decodes the next `rows` rows.
    pub(super) fn decode(&self, reader: &mut ColumnReader, rows: usize, cells: &mut Cells) -> Result<()> {
        cells.clear();
        let form = match &self.form {
            Ok(form) => *form,
            Err(shape) => return Err(ParquetError::General(shape.clone())),
        };
        let nullable = self.nullable;
        while cells.len() < rows {
            let more = rows - cells.len();
            let read = match reader {
                ColumnReader::BoolColumnReader(reader) => {
                    decode(reader, more, nullable, |value| Some(value.to_string()), cells)
                }
                ColumnReader::Int32ColumnReader(reader) => {
                    let unsigned = |value: &i32| i64::from(value.cast_unsigned());
                    let integer = |value: &i32| match form {
                        Form::Unsigned => Some(unsigned(value).to_string()),
                        _ => Some(integer(i64::from(*value), form)),
                    };
                    decode(reader, more, nullable, integer, cells)
                }
                ColumnReader::Int64ColumnReader(reader) => {
                    decode(reader, more, nullable, |value| Some(integer(*value, form)), cells)
                }
                ColumnReader::FloatColumnReader(reader) => {
                    let number = |value: &f32| (!value.is_nan()).then(|| value.to_string());
                    decode(reader, more, nullable, number, cells)
                }
                ColumnReader::DoubleColumnReader(reader) => {
                    let number = |value: &f64| (!value.is_nan()).then(|| value.to_string());
                    decode(reader, more, nullable, number, cells)
                }
                ColumnReader::ByteArrayColumnReader(reader) => {
                    decode(reader, more, nullable, |value| Some(characters(value)), cells)
                }
                ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                    decode(reader, more, nullable, |value| Some(characters(value)), cells)
                }
                ColumnReader::Int96ColumnReader(_) => Ok(0),
            }?;
            if read == 0 {
                let problem = format!("column `{}` ends before its row group", self.name);
                return Err(ParquetError::EOF(problem));
            }
        }
        Ok(())
    }
}

/// Decodes up to `rows` values, nulls included. Returns their number.
fn decode<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    nullable: bool,
    text: impl Fn(&T::T) -> Option<String>,
    cells: &mut Cells,
) -> Result<usize> {
    let (mut levels, mut values) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let (read, ..) = reader.read_records(rows, nullable.then_some(&mut levels), None, &mut values)?;
    let mut values = values.iter();
    match nullable {
        false => cells.extend(values.map(&text)),
        true => {
            let cell = |level: &i16| {
                if *level > 0 {
                    values.next().and_then(&text)
                } else {
                    None
                }
            };
            cells.extend(levels.iter().map(cell));
        }
    }
    Ok(read)
}

fn integer(value: i64, form: Form) -> String {
    match form {
        Form::Unsigned => value.cast_unsigned().to_string(),
        Form::Decimal(scale) => (value as f64 / 10_f64.powi(scale)).to_string(),
        _ => value.to_string(),
    }
}

/// Bytes as UTF-8, else as Latin-1, without the blanks around them.
fn characters(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let latin = || bytes.iter().map(|byte| char::from(*byte)).collect();
    let text = str::from_utf8(bytes).map_or_else(|_| latin(), str::to_owned);
    text.trim().to_owned()
}
