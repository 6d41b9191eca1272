//! Template of a configuration for a user to edit. Changed keys stand, and keys with their default
//! are comments.

use toml::{Table, Value};

use super::Config;

/// Notes on the keys, by section and key; a key without a note explains itself.
const NOTES: &[(&str, &str)] = &[
    ("model.preset", "default, plain, talk or fernandez2019"),
    ("model.error_floor", "errors are held above this fraction of the flux"),
    ("model.include", "lines to use although the preset doubts them"),
    ("model.exclude", "lines to leave out"),
    (
        "extinction.law",
        "CCM89, O94, F99, Cal00, MM72, G03-LMC, G03-SMC, none or table:FILE",
    ),
    ("model.recombination", "true, or some of [\"O2\", \"N2\", \"O3\"]"),
    ("model.collisional_excitation", "of H I lines, by the parameter xi"),
    ("model.four_coefficients", "the talk's form in place of the tables"),
    (
        "model.emissivity_error.He1",
        "fraction added in quadrature to the errors of the ion's lines",
    ),
    (
        "likelihood.kind",
        "gaussian, log-gaussian, student-t, interval or outliers",
    ),
    (
        "likelihood.half_width",
        "half-width of an interval as a fraction of the flux",
    ),
    ("likelihood.outlier_share", "probability that a line is an outlier"),
    ("error_floors.He1", "by line or ion, in place of model.error_floor"),
    ("emissivities.O3", "another set for one ion; nebulium emissivity --list"),
    ("emissivities.f_tau", "a law of the optical depth of He I"),
    ("priors.T_high", "in place of the preset's"),
    ("zones.low", "every zone that is to be, where one is given"),
    ("sampler.chains", "chains an object"),
    ("sampler.warmup", "warm-up draws a chain, not kept"),
    ("sampler.draws", "draws a chain at the first look"),
    ("sampler.target_accept", "mean acceptance rate aimed at"),
    ("sampler.max_treedepth", "most doublings of a trajectory"),
    ("sampler.step_size_jitter", "spread of the step size from draw to draw"),
    ("sampler.independence", "an independence step before each trajectory"),
    ("sampler.seed", "seed of all random numbers"),
    (
        "sampler.looks",
        "most looks at the draws: an object that fails is drawn on to twice its draws",
    ),
    (
        "abundances.without_thermometer",
        "metals although temperatures rest on their priors",
    ),
    ("importance.draws", "weighted draws of the second opinion; 0: none"),
    (
        "importance.audit",
        "fraction of the objects of --method importance that NUTS samples too",
    ),
    (
        "catalogue.format",
        "auto, long, wide, lime, neat, pyneb, mpa-jhu, desi, hcm or pipe3d",
    ),
    (
        "catalogue.hbeta_snr",
        "least flux over error of Hβ, below which an object is rejected; 0: none",
    ),
    (
        "catalogue.flux_error",
        "errors as a fraction of the flux, for a list that gives none",
    ),
    (
        "catalogue.vacuum",
        "wavelengths of a list; absent: as most of its lines are",
    ),
    (
        "catalogue.relative_errors",
        "errors are fractions of their fluxes; absent: in PyNeb's tables only",
    ),
    ("catalogue.percent_errors", "errors are in per cent of their fluxes"),
    (
        "catalogue.zero_error_unknown",
        "an error of 0 says that the error is not known",
    ),
    ("catalogue.extension", "table of a FITS file, by name or number"),
    (
        "catalogue.ignore_columns",
        "columns to leave unread; * stands for any text",
    ),
    ("catalogue.keep", "columns to carry into the results"),
    ("catalogue.priors", "side table of priors, one row an object"),
    (
        "catalogue.columns.object",
        "a column, or columns in braces, \"{ix}-{iy}\"; {row} is the row's number",
    ),
    (
        "catalogue.columns.line",
        "label of the line, in a table with one row a line",
    ),
    ("catalogue.columns.flux", "a column, or a pattern, \"{line}_flux\""),
    ("catalogue.columns.error", "a column or pattern"),
    (
        "catalogue.columns.error_other",
        "a second error, of the other side: the larger counts",
    ),
    (
        "catalogue.columns.limit",
        "column or pattern of the sign of an upper limit",
    ),
    (
        "catalogue.columns.hbeta",
        "the flux of Hβ, where fluxes are relative to it and it is not listed",
    ),
    ("catalogue.columns.ivar", "inverse variance, in place of the error"),
    (
        "catalogue.columns.blend",
        "members of a merged line, in a table with one row a line",
    ),
    ("catalogue.columns.ew", "equivalent width in Å"),
    (
        "catalogue.columns.ew_negative",
        "emission has negative equivalent widths",
    ),
    (
        "catalogue.columns.missing",
        "what stands for a line that was not measured",
    ),
    (
        "catalogue.columns.limit_error",
        "the error that marks an upper limit, or \"negative\"",
    ),
    ("output.keep_draws", "all, thin:N or none; absent: all up to 1 GiB"),
    (
        "lines.OII3727",
        "label of a line by the catalogue's name, or \"ignore\"",
    ),
];

/// Keys that are absent by default, with an example of each.
const ABSENT: &[(&str, &str)] = &[
    ("model.normalisation", "\"free\""),
    ("model.absorption", "\"none\""),
    ("model.tie_T_low", "false"),
    ("model.high_zone", "[\"He1\", \"He2\", \"O3\"]"),
    ("model.four_coefficients", "\"coefficients.csv\""),
    ("model.emissivity_error.He1", "0.005"),
    ("model.emissivity_error.Fe3", "0.1"),
    ("likelihood.half_width", "0.05"),
    ("likelihood.outlier_share", "0.01"),
    ("error_floors.He1", "0.05"),
    ("emissivities.O3", "\"O3-AK99\""),
    ("emissivities.f_tau", "\"law.toml\""),
    (
        "calibration.red",
        "{ range = [6000, 10000], prior = { family = \"Normal\", mean = 0, sd = 0.05 } }",
    ),
    (
        "priors.T_high",
        "{ family = \"Normal\", mean = 12000, sd = 2500, lower = 5000, upper = 25000 }",
    ),
    ("priors.tau", "{ fixed = 0 }"),
    (
        "zones.low",
        "{ temperature = { from = \"high\", relation = \"garnett1992\", when = \"no_thermometer\" } }",
    ),
    ("zones.high", "{}"),
    ("catalogue.skip.flag", "\"1\""),
    ("catalogue.columns.priors.T_high", "{ mean = \"T_OIII\", sd = 500 }"),
    ("extinction.rv", "3.1"),
    ("catalogue.flux_error", "0.05"),
    ("catalogue.vacuum", "false"),
    ("catalogue.relative_errors", "false"),
    ("catalogue.percent_errors", "true"),
    ("catalogue.zero_error_unknown", "true"),
    ("catalogue.extension", "\"FASTSPEC\""),
    ("catalogue.priors", "\"priors.csv\""),
    ("catalogue.columns.object", "\"name\""),
    ("catalogue.columns.line", "\"line\""),
    ("catalogue.columns.flux", "\"{line}_flux\""),
    ("catalogue.columns.error", "\"{line}_flux_err\""),
    ("catalogue.columns.error_other", "\"{line}_flux_err_low\""),
    ("catalogue.columns.ivar", "\"{line}_flux_ivar\""),
    ("catalogue.columns.ew", "\"{line}_ew\""),
    ("catalogue.columns.ew_negative", "true"),
    ("catalogue.columns.blend", "\"members\""),
    ("catalogue.columns.limit", "\"l_{line}\""),
    ("catalogue.columns.hbeta", "100.0"),
    ("catalogue.columns.missing", "[\"nan\", \"0/0\", \"-99\", \"error<=0\"]"),
    ("catalogue.columns.limit_error", "-1"),
    ("output.keep_draws", "\"thin:10\""),
    ("lines.OII3727", "\"O2_3726A_m\""),
];

impl Config {
    /// Configuration as TOML, with a comment on each key. Keys with their default are comments, and
    /// `about`, in words, stands above. Merged lines with their members stand under `[blends]` as
    /// comments.
    ///
    /// The text reads back to this configuration.
    pub fn template(&self, about: &str, merged: &[(String, String)]) -> String {
        let mut text = String::new();
        for row in about.lines() {
            text.push_str(format!("# {row}").trim_end());
            text.push('\n');
        }
        let (own, default) = (table(self), table(&Config::default()));
        section(&mut text, "", &own, &default);
        for (label, members) in merged.iter().filter(|(label, _)| !self.blends.contains_key(label)) {
            let row = format!("# {label} = \"{members}\"\n");
            let at = text.find("[blends]\n").map_or(text.len(), |at| at + "[blends]\n".len());
            text.insert_str(at, &row);
        }
        text
    }
}

fn table(config: &Config) -> Table {
    config.canonical().parse().expect("settings are plain tables")
}

/// Writes a table: its keys, then its tables.
fn section(text: &mut String, path: &str, own: &Table, default: &Table) {
    let full = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    if !path.is_empty() {
        text.push_str(&format!("\n[{path}]\n"));
    }
    for (key, value) in own.iter().filter(|(_, value)| !value.is_table()) {
        let mark = if default.get(key) == Some(value) { "# " } else { "" };
        line(text, mark, &full(key), key, &value.to_string());
    }
    for &(name, example) in ABSENT {
        let Some((section, key)) = name.rsplit_once('.').filter(|(section, _)| *section == path) else {
            continue;
        };
        if !own.contains_key(key) {
            line(text, "# ", &format!("{section}.{key}"), key, example);
        }
    }
    let tables = own.iter().filter_map(|(key, value)| Some((key, value.as_table()?)));
    for (key, own) in tables {
        let empty = Table::new();
        let default = default.get(key).and_then(Value::as_table).unwrap_or(&empty);
        section(text, &full(key), own, default);
    }
}

/// Writes `key = value` and the note on the key.
fn line(text: &mut String, mark: &str, full: &str, key: &str, value: &str) {
    let note = NOTES.iter().find(|(name, _)| *name == full);
    let note = note.map_or_else(String::new, |(_, note)| format!("  # {note}"));
    text.push_str(&format!("{mark}{key} = {value}{note}\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_reads_back_to_its_configuration() {
        let mut config = Config::default();
        let merged = [("O2_3726A_m".to_owned(), "O2_3726A+O2_3729A".to_owned())];
        let text = config.template("two\nrows", &merged);
        assert!(text.starts_with("# two\n# rows\n"), "{text}");
        assert!(
            text.contains("[blends]\n# O2_3726A_m = \"O2_3726A+O2_3729A\"\n"),
            "{text}"
        );
        assert_eq!(toml::from_str::<Config>(&text).unwrap().canonical(), config.canonical());
        config.catalogue.flux_error = Some(0.05);
        config.sampler.chains = 6;
        config.catalogue.skip.insert("flag".to_owned(), "1".to_owned());
        let text = config.template("", &[]);
        assert!(
            text.contains("\nchains = 6") && text.contains("\nflux_error = 0.05"),
            "{text}"
        );
        assert_eq!(toml::from_str::<Config>(&text).unwrap().canonical(), config.canonical());
    }

    /// A note of a key that the template never shows would not be read.
    #[test]
    fn every_note_stands_beside_its_key() {
        let text = Config::default().template("", &[]);
        let unread: Vec<&str> = NOTES
            .iter()
            .filter(|(name, note)| {
                let key = name.rsplit('.').next().unwrap_or_default();
                let is_own = |row: &str| row.trim_start_matches("# ").starts_with(&format!("{key} = "));
                !text
                    .lines()
                    .any(|row| is_own(row) && row.ends_with(&format!("  # {note}")))
            })
            .map(|(name, _)| *name)
            .collect();
        assert!(unread.is_empty(), "{unread:#?}");
    }

    /// Every comment that looks like a key is one: with its mark removed the file still reads.
    #[test]
    fn the_keys_in_comments_are_keys() {
        let text = Config::default().template("", &[]);
        for row in text.lines().filter(|row| row.starts_with("# ")) {
            let edited = text.replacen(row, &row[2..], 1);
            assert!(toml::from_str::<Config>(&edited).is_ok(), "{row}");
        }
    }
}
