//! One object's lines in each form of table.

use super::objects;

/// A form of table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Long,
    LongOfNames,
    Wide,
    Pattern,
    Survey,
    Lime,
    Neat,
    PynebRows,
    PynebColumns,
}

/// Every form.
pub const FORMS: [Form; 9] = [
    Form::Long,
    Form::LongOfNames,
    Form::Wide,
    Form::Pattern,
    Form::Survey,
    Form::Lime,
    Form::Neat,
    Form::PynebRows,
    Form::PynebColumns,
];

impl Form {
    /// Place of the form's kind of name among label, name and wavelength.
    pub fn spelling(self) -> usize {
        match self {
            Form::Long | Form::Wide | Form::Lime | Form::PynebRows | Form::PynebColumns => 0,
            Form::LongOfNames | Form::Pattern | Form::Survey => 1,
            Form::Neat => 2,
        }
    }

    /// The object `a` with Hβ 100, [O III] 5007 at 500, and these lines at 20, errors 2 % each.
    fn table(self, names: &[&str]) -> (&'static str, String, &'static str) {
        let known = [
            ["H1_4861A", "O3_5007A"],
            ["Hbeta", "[OIII]5007"],
            ["4861.33", "5006.84"],
        ][self.spelling()];
        let others = names.iter().map(|&name| (name, 20.0));
        let lines: Vec<(&str, f64)> = [(known[0], 100.0), (known[1], 500.0)]
            .into_iter()
            .chain(others)
            .collect();
        let rows =
            |row: &dyn Fn(&str, f64) -> String| lines.iter().map(|&(name, flux)| row(name, flux)).collect::<String>();
        let columns = |pair: [&str; 2], separator: &str| {
            let named = |pattern: &str, name: &str| pattern.replace("{line}", name);
            rows(&|name, _| format!("{separator}{}{separator}{}", named(pair[0], name), named(pair[1], name)))
        };
        let values =
            |error: f64, separator: &str| rows(&|_, flux| format!("{separator}{flux}{separator}{}", error * flux));
        let fractions = rows(&|_, flux| format!(" {flux} 0.02"));
        match self {
            Form::Long | Form::LongOfNames => (
                "a.csv",
                format!(
                    "line,flux,flux_err\n{}",
                    rows(&|name, flux| format!("{name},{flux},{}\n", 0.02 * flux))
                ),
                "",
            ),
            Form::Wide => (
                "t.csv",
                format!(
                    "object{}\na{}\n",
                    columns(["{line}", "{line}_err"], ","),
                    values(0.02, ",")
                ),
                "",
            ),
            Form::Pattern => (
                "t.csv",
                format!("id{}\na{}\n", columns(["f_{line}", "s_{line}"], ","), values(0.02, ",")),
                "[catalogue]\nformat = \"wide\"\ncolumns = { object = \"id\", flux = \"f_{line}\", error = \"s_{line}\" }",
            ),
            Form::Survey => (
                "t.csv",
                format!(
                    "name,ix,iy{}\na,1,2{}\n",
                    columns(["flux_{line}", "e_flux_{line}"], ","),
                    values(0.02, ",")
                ),
                "",
            ),
            Form::Lime => (
                "a.csv",
                format!(
                    ",intg_flux,intg_flux_err\n{}",
                    rows(&|name, flux| format!("{name},{flux},{}\n", 0.02 * flux))
                ),
                "",
            ),
            Form::Neat => (
                "a.dat",
                rows(&|name, flux| format!("{name} {flux} {}\n", 0.02 * flux)),
                "",
            ),
            Form::PynebRows => (
                "t.dat",
                format!("LINE a erra\n{}", rows(&|name, flux| format!("{name} {flux} 0.02\n"))),
                "",
            ),
            Form::PynebColumns => (
                "t.dat",
                format!("NAME{}\na{fractions}\n", columns(["{line}", "{line}e"], " ")),
                "",
            ),
        }
    }

    /// The same as [`super::object`] says it.
    pub fn told(self, names: &[&str]) -> Vec<String> {
        let (file, text, toml) = self.table(names);
        objects(file, &text, toml)
    }
}
