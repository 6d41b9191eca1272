//! A column of `results.csv` and `results.fits`: name, unit, UCD, description and value.

use super::quantity::quantity;
use crate::abundance;
use crate::draws::Method;
use crate::fit::Outcome;
use crate::line::Ion;
use crate::summary::derived_names;

/// Entry of the list of columns: one column, or one for each quantity of a family.
#[derive(Debug)]
pub(super) struct Entry {
    /// Name of the column, with [`HOLE`] in place of the quantity's name.
    pub(super) name: &'static str,
    /// Quantities that have the column.
    pub(super) of: Family,
    /// True where the value has the unit, and the UCD, of the quantity.
    pub(super) in_unit: bool,
    /// Word of UCD1+ (IVOA, controlled vocabulary 1.5), of the statistic where the value has the
    /// quantity's UCD too; empty where none fits.
    pub(super) ucd: &'static str,
    /// Meaning, in the words of the manual.
    pub(super) description: &'static str,
    /// Method that alone has the column; none where both have it.
    pub(super) method: Option<Method>,
    /// Value of an object.
    pub(super) value: Value,
}

/// Place of the quantity's name in the name of an [`Entry`].
pub(super) const HOLE: &str = "{}";

/// Value of a column for an object and, in a family, the name of a quantity.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// Text, empty where there is none.
    Text(fn(&Outcome) -> String),
    /// Number, NaN where there is none.
    Number(fn(&Outcome) -> f64),
    /// Number of a quantity, NaN where the object has none.
    OfQuantity(fn(&Outcome, &str) -> f64),
}

/// Quantities that have a column each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// No quantity: the column stands once.
    Object,
    /// Parameters and derived quantities.
    All,
    /// Temperatures and densities among the parameters, which ratios of lines measure.
    Measured,
    /// Abundances of ions among the parameters.
    Ions,
    /// Abundances of elements, derived draw by draw.
    Elements,
}

impl Family {
    /// Names of the family's quantities for a catalogue of these parameters; of
    /// [`Family::Object`] one empty name.
    fn names(self, parameters: &[String]) -> Vec<&str> {
        let parameters = parameters.iter().map(String::as_str);
        match self {
            Family::Object => vec![""],
            Family::All => parameters.chain(derived_names()).collect(),
            Family::Measured => parameters.filter(|name| is_measured(name)).collect(),
            Family::Ions => parameters.filter(|name| name.parse::<Ion>().is_ok()).collect(),
            Family::Elements => abundance::NAMES.to_vec(),
        }
    }

    /// Word that stands for the quantity's name in the manual.
    #[cfg(test)]
    pub(super) fn placeholder(self) -> &'static str {
        match self {
            Family::Ions => "ION",
            _ => "QUANTITY",
        }
    }
}

/// True for the name of a temperature or density.
fn is_measured(name: &str) -> bool {
    name == "n_e" || ["T_", "n_e_"].iter().any(|start| name.starts_with(start))
}

/// Column of `results.csv` and `results.fits`.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    /// Name of the quantity; empty for a column of the object.
    quantity: String,
    entry: &'static Entry,
}

impl Column {
    fn new(entry: &'static Entry, quantity: &str) -> Column {
        Column {
            name: entry.name.replace(HOLE, quantity),
            quantity: quantity.to_owned(),
            entry,
        }
    }

    /// Name in the header.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Unit in the notation of FITS, `dex` and `dex(cm-3)` for logarithms; empty for a text and a
    /// pure number.
    pub fn unit(&self) -> &'static str {
        match self.entry.in_unit {
            true => quantity(&self.quantity).unit,
            false => "",
        }
    }

    /// Words of UCD1+ (IVOA, controlled vocabulary 1.5); none where no word fits.
    pub fn ucd(&self) -> Option<String> {
        let word = self.entry.ucd;
        if !self.entry.in_unit {
            return (!word.is_empty()).then(|| word.to_owned());
        }
        match (quantity(&self.quantity).ucd, word) {
            ("", _) => None,
            (of_quantity, "") => Some(of_quantity.to_owned()),
            (of_quantity, word) => Some(format!("{of_quantity};{word}")),
        }
    }

    /// Meaning, in the words of the manual.
    pub fn description(&self) -> String {
        match self.entry.of {
            Family::Object => self.entry.description.to_owned(),
            _ => format!("{}: {}", quantity(&self.quantity).description, self.entry.description),
        }
    }

    /// True for a column of text; all others have numbers, NaN where there is none.
    pub fn is_text(&self) -> bool {
        matches!(self.entry.value, Value::Text(_))
    }

    /// Field of the column for an object, as text.
    pub(super) fn field(&self, outcome: &Outcome) -> String {
        match self.entry.value {
            Value::Text(text) => text(outcome),
            Value::Number(number) => digits(number(outcome)),
            Value::OfQuantity(number) => digits(number(outcome, &self.quantity)),
        }
    }
}

/// Columns of a result for a catalogue of these parameters, from a list of entries. Neighbouring
/// entries of one family stand together, quantity by quantity.
pub(super) fn expanded(entries: &'static [Entry], parameters: &[String], method: Method) -> Vec<Column> {
    let mut columns = Vec::new();
    for group in entries.chunk_by(|a, b| a.of == b.of) {
        for name in group[0].of.names(parameters) {
            let known = group
                .iter()
                .filter(|entry| entry.method.is_none_or(|own| own == method));
            columns.extend(known.map(|entry| Column::new(entry, name)));
        }
    }
    columns
}

/// A number with nine significant digits at most, `NaN` where there is none. An infinite number is
/// the result of a failed computation, and is none.
pub(super) fn digits(value: f64) -> String {
    if !value.is_finite() {
        return f64::NAN.to_string();
    }
    let rounded: f64 = format!("{value:.8e}").parse().unwrap_or(value);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_nine_digits_and_say_nan() {
        assert_eq!(digits(15_590.123_456_789), "15590.1235");
        assert_eq!(digits(0.000_88), "0.00088");
        assert_eq!(digits(f64::NAN), "NaN");
        assert_eq!(digits(f64::INFINITY), "NaN");
    }

    #[test]
    fn neighbours_of_one_family_stand_quantity_by_quantity() {
        const fn entry(name: &'static str, of: Family, method: Option<Method>) -> Entry {
            Entry {
                name,
                of,
                in_unit: true,
                ucd: "stat.mean",
                description: "",
                method,
                value: Value::OfQuantity(|_, name| name.len() as f64),
            }
        }
        const ENTRIES: [Entry; 4] = [
            entry("{}_a", Family::Ions, None),
            entry("{}_b", Family::Ions, Some(Method::Classical)),
            entry("{}_c", Family::Measured, None),
            Entry {
                value: Value::Text(|outcome| outcome.id.clone()),
                ..entry("d", Family::Object, None)
            },
        ];
        let parameters = ["T_low", "O3", "He1"].map(String::from);
        let names = |method| -> Vec<String> {
            let found = expanded(&ENTRIES, &parameters, method).into_iter();
            found.map(|column| column.name).collect()
        };
        assert_eq!(names(Method::Nuts), ["O3_a", "He1_a", "T_low_c", "d"]);
        assert_eq!(
            names(Method::Classical),
            ["O3_a", "O3_b", "He1_a", "He1_b", "T_low_c", "d"]
        );
        let found = expanded(&ENTRIES, &parameters, Method::Nuts);
        assert_eq!([found[0].unit(), found[2].unit(), found[3].unit()], ["dex", "K", ""]);
        assert_eq!(found[0].ucd().as_deref(), Some("phys.abund;stat.mean"));
    }
}
