//! A table as Parquet, written and read column by column.
//!
//! The same rows give the same bytes: the file says who wrote it and nothing of when.

use std::io::Write;
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::Field;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;

use super::{Kind, Row, Value};

/// So many rows are held in memory before they are written.
const ROWS: usize = 20_000;

/// A table being written.
pub(super) struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    kinds: Vec<Kind>,
    waiting: Vec<Vec<Value>>,
}

fn field(name: &str, kind: Kind) -> Result<Arc<Type>> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Count => (Physical::INT64, None),
        Kind::Flag => (Physical::BOOLEAN, None),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
    };
    let field = Type::primitive_type_builder(name, physical);
    Ok(Arc::new(field.with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build()?))
}

/// Days are counted from here.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default()
}

impl<W: Write + Send> Writer<W> {
    pub fn begin(out: W, table: &str, columns: &[(&'static str, Kind)]) -> Result<Writer<W>> {
        let fields = columns.iter().map(|(name, kind)| field(name, *kind)).collect::<Result<Vec<_>>>()?;
        let schema = Arc::new(Type::group_type_builder(table).with_fields(fields).build()?);
        let properties = WriterProperties::builder()
            .set_created_by("fupan".to_owned())
            .set_compression(Compression::SNAPPY)
            .build();
        let file = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
        Ok(Writer { file, kinds: columns.iter().map(|(_, kind)| *kind).collect(), waiting: Vec::new() })
    }

    pub fn add(&mut self, values: Vec<Value>) -> Result<()> {
        self.waiting.push(values);
        if self.waiting.len() < ROWS { Ok(()) } else { self.write_group() }
    }

    fn write_group(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        let mut group = self.file.next_row_group()?;
        for (at, kind) in self.kinds.iter().enumerate() {
            write_column(&mut group, *kind, rows.iter().map(|row| &row[at]))?;
        }
        group.close()?;
        Ok(())
    }

    pub fn end(mut self) -> Result<()> {
        if !self.waiting.is_empty() {
            self.write_group()?;
        }
        self.file.close()?;
        Ok(())
    }
}

fn write_column<'v, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    kind: Kind,
    cells: impl Iterator<Item = &'v Value> + Clone,
) -> Result<()> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let there: Vec<i16> = cells.clone().map(|cell| i16::from(*cell != Value::Null)).collect();
    macro_rules! write {
        ($type:ty, $variant:ident, $as:expr) => {{
            let value =
                |cell: &Value| if let Value::$variant(value) = cell { Some($as(value)) } else { None };
            let values: Vec<_> = cells.filter_map(value).collect();
            column.typed::<$type>().write_batch(&values, Some(&there), None)?;
        }};
    }
    match kind {
        Kind::Text => write!(ByteArrayType, Text, |text: &String| ByteArray::from(text.as_str())),
        Kind::Number => write!(DoubleType, Number, |n: &f64| *n),
        Kind::Count => write!(Int64Type, Count, |n: &i64| *n),
        Kind::Flag => write!(BoolType, Flag, |yes: &bool| *yes),
        Kind::Day => write!(Int32Type, Day, |day: &NaiveDate| (*day - first_day()).num_days() as i32),
    }
    column.close()
}

/// Why a table could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no Parquet file, or a damaged one.
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    /// It has not the columns of this table.
    #[error("no column {0}")]
    Column(&'static str),
}

/// Rows of a table, one after another.
pub struct Read<R: Row> {
    rows: RowIter<'static>,
    /// Of each of our columns, which of the file's it is.
    order: Vec<usize>,
    of: std::marker::PhantomData<R>,
}

impl<R: Row> std::fmt::Debug for Read<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Read({})", R::TABLE)
    }
}

/// Reads a table that was written here.
///
/// # Errors
/// Why it cannot be read.
pub fn read<R: Row>(file: impl ChunkReader + 'static) -> std::result::Result<Read<R>, ReadError> {
    let reader = SerializedFileReader::new(file)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let names: Vec<String> = schema.columns().iter().map(|column| column.name().to_owned()).collect();
    let mut order = Vec::new();
    for (name, _) in R::columns() {
        let at = names.iter().position(|there| there == name);
        order.push(at.ok_or(ReadError::Column(name))?);
    }
    Ok(Read { rows: RowIter::from_file_into(Box::new(reader)), order, of: std::marker::PhantomData })
}

impl<R: Row> Iterator for Read<R> {
    type Item = std::result::Result<R, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.rows.next()? {
            Ok(row) => row,
            Err(error) => return Some(Err(error.into())),
        };
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        let mut values =
            self.order.iter().map(|at| fields.get(*at).map(|field| value(field)).unwrap_or_default());
        Some(Ok(R::of(&mut values)))
    }
}

fn value(field: &Field) -> Value {
    match field {
        Field::Str(text) => Value::Text(text.clone()),
        Field::Double(n) => Value::Number(*n),
        Field::Long(n) => Value::Count(*n),
        Field::Bool(yes) => Value::Flag(*yes),
        Field::Date(days) => Value::Day(first_day() + chrono::TimeDelta::days((*days).into())),
        _ => Value::Null,
    }
}
