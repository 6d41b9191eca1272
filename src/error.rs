//! Everything that can go wrong with files, settings and devices, as one enum.

use std::path::{Path, PathBuf};

/// An error that stops the program or rejects an object; the message names file, row, column, value and what was expected.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },

    /// A text that names no ion.
    #[error("`{ion}` is no ion: expected an element and its spectroscopic number, such as O3 for [O III]")]
    Ion {
        /// The text.
        ion: String,
    },

    /// A text that is no label.
    #[error("`{label}` is no line label: expected ion, wavelength and unit, such as O3_5007A, S3_18.7um, O2_3726A_m")]
    Label {
        /// The text.
        label: String,
    },

    /// A label near which no line of its ion lies.
    #[error("unknown line `{label}`: {}", nothing_near(ion, known))]
    UnknownLine {
        /// The label as given.
        label: String,
        /// Its ion.
        ion: String,
        /// Labels of the ion's lines, joined by commas; empty if it has none.
        known: String,
    },

    /// A label that two lines lie equally near to.
    #[error("label `{label}` lies equally near {first} and {second}: give one of these")]
    AmbiguousLine {
        /// The label as given.
        label: String,
        /// The nearest.
        first: String,
        /// The next.
        second: String,
    },

    /// A text that is no name of a line.
    #[error(
        "`{name}` is no name of a line: expected a label such as O3_5007A, a name such as [OIII]5007 or Hbeta, or a \
         wavelength in Å; or say which it is: [lines] {name:?} = \"O3_5007A\""
    )]
    LineName {
        /// The text.
        name: String,
    },

    /// An ion without a wavelength.
    #[error("`{name}` can be any of {lines}: say which, such as [lines] {name:?} = \"{example}\"")]
    SeveralLines {
        /// The name as given.
        name: String,
        /// Labels of the ion's lines, joined by commas.
        lines: String,
        /// One of them.
        example: String,
    },

    /// Columns of ions without a wavelength.
    #[error(
        "{}: row {row}: ions without a wavelength can be any of their lines: say which they are, such as, at the head of the \
         configuration, lines = {{ {} }}",
        path.display(), lines.join(", ")
    )]
    SeveralLinesEach {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
        /// Each name and one of its lines, as a configuration says it.
        lines: Vec<String>,
    },

    /// A name between the lines of a multiplet, some of which other names of the table give.
    #[error(
        "`{name}` lies between {}, and other names of the table give or mean some of them: say which it is, \
         [lines] {name:?} = \"{}\", or \"{sum}\" for the sum",
        lines.join(" and "), lines.first().map_or("", String::as_str)
    )]
    BetweenLines {
        /// The name as given.
        name: String,
        /// Labels of the lines around it.
        lines: Vec<String>,
        /// The merged label of their sum.
        sum: String,
    },

    /// A wavelength near which no line lies.
    #[error("no line lies near {name} Å, within 0.6 Å in {medium}, or another wavelength of the table is nearer to it")]
    UnknownWavelength {
        /// The wavelength as given.
        name: String,
        /// `air` or `vacuum`.
        medium: &'static str,
    },

    /// A wavelength of a line beside a hydrogen line that the emissivities do not hold.
    #[error("{name} Å may be {line} or {stranger}, which the emissivities do not hold: nothing tells them apart")]
    NearHydrogen {
        /// The wavelength as given.
        name: String,
        /// The line.
        line: String,
        /// The hydrogen line.
        stranger: String,
    },

    /// A merged label outside the table of merged labels, given without members.
    #[error("merged line `{label}` has no known members: give them, joined by `+`")]
    MergedWithoutMembers {
        /// The label as given.
        label: String,
    },

    /// A merged label with a line twice among its members.
    #[error("merged line `{label}` names its member {member} twice")]
    RepeatedMember {
        /// The label as given.
        label: String,
        /// The line.
        member: String,
    },

    /// A file that is no text.
    #[error("{}: row {row} is not UTF-8 text", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The first row that is not.
        row: usize,
    },

    /// A file with a line beyond the limit.
    #[error("{}: row {row} is longer than {limit} MB, expected rows of text", path.display())]
    LongLine {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// The limit \[MB\].
        limit: usize,
    },

    /// A directory in the place of a file.
    #[error("{}: a directory, expected files: {}/* names all that are in it", path.display(), path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },

    /// A file in a format that is not read.
    #[error("{}: {what}, which nebulium does not read; in Python: {remedy}", path.display())]
    ForeignFormat {
        /// The file.
        path: PathBuf,
        /// The format.
        what: &'static str,
        /// A line of Python that makes a file of it that is read.
        remedy: String,
    },

    /// A compressed file that grows beyond all measure.
    #[error("{}: {expanded} MB come out of {packed} MB of gzip, expected a table: decompress it first if it is one", path.display())]
    Inflated {
        /// The file.
        path: PathBuf,
        /// Bytes read \[MB\].
        packed: u64,
        /// Bytes that came of them \[MB\].
        expanded: u64,
    },

    /// A name of an object beyond the limit.
    #[error("{}: row {row}: the object's name has {length} bytes, expected {limit} at most", path.display())]
    LongName {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// Bytes of the name.
        length: usize,
        /// The limit.
        limit: usize,
    },

    /// An object whose errors, taken for fractions of the fluxes, exceed most of these.
    #[error("{}: row {row}: {doubtful} of {all} errors of object `{object}`, Hβ's among them, exceed their fluxes as fractions: expected fractions such as 0.03, or `relative_errors = false` under [catalogue] if they are in the unit of the fluxes", path.display())]
    DoubtfulErrors {
        /// The file.
        path: PathBuf,
        /// The object's first row.
        row: usize,
        /// The object.
        object: String,
        /// Errors that exceed their fluxes.
        doubtful: usize,
        /// All errors.
        all: usize,
    },

    /// A file that is no TOML, or TOML without an expected key; the message carries line and column.
    #[error("{}: {source}", path.display())]
    Toml {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        source: Box<toml::de::Error>,
    },

    /// A value in the manifest of a set of emissivities that cannot be right.
    #[error("{}: {key} is `{value}`, expected {expected}", path.display())]
    ManifestValue {
        /// The manifest.
        path: PathBuf,
        /// The key, and of which entry.
        key: String,
        /// What it says.
        value: String,
        /// What it should say.
        expected: String,
    },

    /// Emissivities that do not exist under a name.
    #[error("no emissivities are called `{name}`: expected one of {known}, or dir:PATH")]
    UnknownEmissivities {
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },

    /// Emissivities without an ion that is wanted.
    #[error("emissivities {set} hold no line of {ion}: they hold {known}")]
    EmissivitiesWithoutIon {
        /// The set.
        set: String,
        /// The ion.
        ion: String,
        /// Its ions.
        known: String,
    },

    /// Emissivities without a line that is wanted.
    #[error("emissivities {set} hold no {line}, which is needed")]
    EmissivitiesWithoutLine {
        /// The set.
        set: String,
        /// The line.
        line: String,
    },

    /// Emissivities at other nodes than those that they would be mixed with.
    #[error(
        "emissivities {set} have other nodes in temperature and density than {base}: only sets of the same nodes mix"
    )]
    EmissivitiesAxes {
        /// The set.
        set: String,
        /// Those it would be mixed with.
        base: String,
    },

    /// A file that is no `.npy`, or one cut short.
    #[error("{}: unreadable as .npy: {source}", path.display())]
    Npy {
        /// The file.
        path: PathBuf,
        /// Words of the reader.
        source: std::io::Error,
    },

    /// Nodes of emissivities of another shape, type or order than the manifest's.
    #[error("{}: holds {found}, expected {expected}", path.display())]
    NodesShape {
        /// The file.
        path: PathBuf,
        /// Type, shape and order found.
        found: String,
        /// Those that the manifest implies.
        expected: String,
    },

    /// A node of emissivities that is NaN or infinite.
    #[error("{}: node {index:?} (row, T, n) is {value}, expected a finite log₁₀", path.display())]
    NodeNotFinite {
        /// The file.
        path: PathBuf,
        /// Row (0 is Hβ), index in temperature, index in density.
        index: [usize; 3],
        /// Its value.
        value: f64,
    },

    /// An object that the catalogue does not have.
    #[error(
        "the catalogue has no object `{object}`: expected one of its {objects} names{}",
        such_as(near)
    )]
    NoSuchObject {
        /// The name as given.
        object: String,
        /// How many there are.
        objects: usize,
        /// Names like it, the nearest first.
        near: Vec<String>,
    },

    /// One object to be named among several.
    #[error("the catalogue has {objects} objects: name one with --object")]
    WhichObject {
        /// How many there are.
        objects: usize,
    },

    /// No device to compute on, or none of the one asked for.
    #[error("no device{}: found {}; see `nebulium devices`, or use --backend cpu", asked(wanted), if found.is_empty() { "none" } else { found })]
    NoDevice {
        /// What was asked for; empty for any that is not software.
        wanted: String,
        /// The devices there are, joined by commas.
        found: String,
    },

    /// A device that refuses, fails or is lost.
    #[error("device {device} failed while {doing}: {message}")]
    Device {
        /// Its name.
        device: String,
        /// What it was asked to do.
        doing: &'static str,
        /// What the driver said.
        message: String,
    },

    /// An object with more of something than a device's kernel holds.
    #[error("object {index} of the batch has {found} {what}: a device takes at most {most}, the CPU any number")]
    ObjectTooLarge {
        /// Its place in the batch.
        index: usize,
        /// What there is too much of.
        what: &'static str,
        /// How much of it.
        found: usize,
        /// The most that the kernel holds.
        most: usize,
    },

    /// A batch that one buffer of the device does not hold.
    #[error("the batch's {what} take {bytes} bytes, device {device} holds {most} in a buffer: take smaller batches")]
    BatchTooLarge {
        /// The device.
        device: String,
        /// The records.
        what: &'static str,
        /// Their bytes.
        bytes: u64,
        /// The most bytes of a buffer.
        most: u64,
    },

    /// A table without a header.
    #[error("{}: empty, expected a header and rows of comma-separated values", path.display())]
    EmptyTable {
        /// The file.
        path: PathBuf,
    },

    /// A table with a header and nothing below it.
    #[error("{}: no rows below the header in row {row}", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
    },

    /// A header without a column that is needed.
    #[error("{}: row {row}: no column `{column}` in the header `{header}`", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
        /// The column.
        column: String,
        /// The columns that are there, joined by commas.
        header: String,
    },

    /// A header with a column twice.
    #[error("{}: row {row}: column `{column}` stands twice in the header, as number {first} and {second}; where pandas wrote a header of \
         several levels, `df.columns = ['_'.join(map(str, name)) for name in df.columns]` makes one of them", path.display())]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
        /// The column.
        column: String,
        /// Its place, counted from 1.
        first: usize,
        /// Its second place.
        second: usize,
    },

    /// Columns that are neither known nor ignored.
    #[error("{}: row {row}: unknown {}: {columns}; expected {expected}, or, to leave {} unread, under [catalogue]: ignore_columns = [{ignore}]", path.display(), columns_of(*count), them(*count))]
    UnknownColumns {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
        /// How many there are.
        count: usize,
        /// The columns, joined by commas.
        columns: String,
        /// Names that would have been understood.
        expected: &'static str,
        /// The value of `ignore_columns` that leaves the columns unread.
        ignore: String,
    },

    /// A row with more or fewer fields than the header.
    #[error("{}: row {row} has {found} fields, expected {expected} as in the header", path.display())]
    FieldCount {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// Its fields.
        found: usize,
        /// The header's fields.
        expected: usize,
    },

    /// A quoted field that runs over the end of its row.
    #[error("{}: row {row}: a quoted field does not end in its row, expected a second `\"`", path.display())]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
    },

    /// A cell of a table that cannot be used.
    #[error("{}: row {row}, column `{column}`: found {}, expected {expected}", path.display(), shown(value))]
    Cell {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// The column.
        column: String,
        /// What stands there; empty for a blank cell.
        value: String,
        /// What should.
        expected: String,
    },

    /// A label in a table, or its members, that cannot be resolved.
    #[error("{}: row {row}, column `{column}`: {source}", path.display())]
    LabelCell {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// The column.
        column: String,
        /// Why it cannot.
        source: Box<Error>,
    },

    /// A line given twice for one object, by one label or two.
    #[error("{}: row {row}, column `{column}`: {label} is the same line as {first} in row {first_row}, expected each once", path.display())]
    DuplicateLine {
        /// The file.
        path: PathBuf,
        /// The second row.
        row: usize,
        /// The column.
        column: String,
        /// The label there.
        label: String,
        /// The label in the first row.
        first: String,
        /// The first row.
        first_row: usize,
    },

    /// An object without the line to which all are relative.
    #[error("{}: row {row}: object `{object}` has no flux of H1_4861A (Hβ), expected one, or `hbeta = 100` \
         under [catalogue.columns] if all fluxes are relative to Hβ = 100", path.display())]
    NoHbeta {
        /// The file.
        path: PathBuf,
        /// The object's first row.
        row: usize,
        /// The object.
        object: String,
    },

    /// An object whose Hβ is lost in the noise.
    #[error("{}: row {row}: H1_4861A (Hβ) of object `{object}` is not detected: its flux is {snr:.2} times its error, expected {least} or more (hbeta_snr)", path.display())]
    FaintHbeta {
        /// The file.
        path: PathBuf,
        /// Hβ's row.
        row: usize,
        /// The object.
        object: String,
        /// Its flux over its error.
        snr: f64,
        /// The least that is asked for.
        least: f64,
    },

    /// A list of fluxes without errors.
    #[error("{}: row {row}: no errors of the fluxes: give them in a column, or --flux-error FRACTION (flux_error in [catalogue])", path.display())]
    NoErrors {
        /// The file.
        path: PathBuf,
        /// The first row without.
        row: usize,
    },

    /// A file that starts as FITS and cannot be read as such.
    #[error("{}: unreadable as FITS: {problem}", path.display())]
    Fits {
        /// The file.
        path: PathBuf,
        /// Words of the reader.
        problem: String,
    },

    /// A FITS file whose table has nothing to read.
    #[error("{}: no table with {expected} among its extensions ({found})", path.display())]
    NoTable {
        /// The file.
        path: PathBuf,
        /// What a table should have.
        expected: &'static str,
        /// Names of the tables that are there, joined by commas.
        found: String,
    },

    /// A FITS file of several tables, none of which has the columns of a catalogue.
    #[error(
        "{}: no table has the columns of {expected}: name the one to read under `extension` of [catalogue], or as \
         FILE[NAME], and its columns are looked at one by one; found {found}",
        path.display()
    )]
    NoTableFits {
        /// The file.
        path: PathBuf,
        /// Columns that were expected.
        expected: String,
        /// Number, name and size of each table, joined by commas.
        found: String,
    },

    /// A table that was asked for and is not there.
    #[error("{}: no table `{extension}`: expected the name or the number of one of: {found}", path.display())]
    NoExtension {
        /// The file.
        path: PathBuf,
        /// Name or number that was asked for.
        extension: String,
        /// Number, name and size of each table, joined by commas; that the file has none.
        found: String,
    },

    /// A column that is read and whose cells hold more than one value.
    #[error(
        "{}: column `{column}` holds {shape}, expected one value: in Python, `t['{column}_0'] = t['{column}'][:, 0]` and \
         `del t['{column}']` make columns of one value of an astropy table `t`; or leave the column out by `ignore_columns` \
         of [catalogue]",
        path.display()
    )]
    ArrayColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Shape of its cells.
        shape: String,
    },

    /// A Parquet file, which this program was built without a reader of.
    #[error(
        "{}: is Parquet, which this program was built without: build it with `--features parquet`, or convert the table in \
         Python: `pandas.read_parquet('{}').to_csv('catalogue.csv', index=False)`",
        path.display(), path.display()
    )]
    NoParquet {
        /// The file.
        path: PathBuf,
    },

    /// A file that starts as Parquet and cannot be read as such.
    #[error("{}: unreadable as Parquet: {problem}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Words of the reader.
        problem: String,
    },

    /// Columns of one catalogue in two units.
    #[error("{}: column `{column}` is in {unit}, another in {first_unit}: expected all fluxes in one unit", path.display())]
    Units {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its unit.
        unit: String,
        /// That of the first flux column.
        first_unit: String,
    },

    /// A catalogue that is read twice and was another the second time.
    #[error("{}: was changed while it was fitted: leave the catalogue as it is until the fit has ended, and run again", path.display())]
    CatalogueChanged {
        /// The file.
        path: PathBuf,
    },

    /// A catalogue that is read again and cannot be.
    #[error(
        "{source}; it was another when the fit began: leave the catalogue as it is until the fit has ended, and run again"
    )]
    CatalogueLost {
        /// What is wrong with it now.
        source: Box<Error>,
    },

    /// Two objects of one name in two files.
    #[error("{}: object `{object}` stands in {} already, expected each once", path.display(), first.display())]
    RepeatedObject {
        /// The second file.
        path: PathBuf,
        /// The object.
        object: String,
        /// The first file.
        first: PathBuf,
    },

    /// An object with nothing to fit.
    #[error("{}: row {row}: object `{object}` has no line besides Hβ, expected one or more", path.display())]
    OnlyHbeta {
        /// The file.
        path: PathBuf,
        /// The object's first row.
        row: usize,
        /// The object.
        object: String,
    },

    /// Two rows of one name in a table with one row an object.
    #[error("{}: row {row}, column `object`: `{object}` stands in row {first_row} already, expected each once", path.display())]
    DuplicateObject {
        /// The file.
        path: PathBuf,
        /// The second row.
        row: usize,
        /// The object.
        object: String,
        /// The first row.
        first_row: usize,
    },

    /// Rows of one object that disagree on a prior.
    #[error("{}: row {row}, column `{column}`: found {value}, expected {first} as in row {first_row} of the same object", path.display())]
    PriorConflict {
        /// The file.
        path: PathBuf,
        /// The second row.
        row: usize,
        /// The column.
        column: String,
        /// The value there.
        value: f64,
        /// The value in the first row.
        first: f64,
        /// The first row.
        first_row: usize,
    },

    /// A reddening law that does not exist.
    #[error("extinction law {name:?} is unknown: expected one of {known}, or table:FILE")]
    UnknownExtinctionLaw {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// R_V outside what a law accepts.
    #[error("rv = {rv} is out of range: extinction law {law} takes {min} to {max}")]
    ExtinctionRvRange {
        /// The law.
        law: String,
        /// R_V as given.
        rv: f64,
        /// Smallest R_V.
        min: f64,
        /// Largest R_V.
        max: f64,
    },
    /// R_V given to a law that has none to choose.
    #[error(
        "rv = {rv} given, but extinction law {law} has no R_V to choose: remove rv, or take CCM89, O94, F99 or Cal00"
    )]
    ExtinctionRvNotTaken {
        /// The law.
        law: String,
        /// R_V as given.
        rv: f64,
    },
    /// A prior of R_V for a law whose shape R_V does not change linearly.
    #[error(
        "prior of R_V: the law {law} is not linear in R_V: take CCM89, O94 or Cal00, whose A(λ)/E(B-V) = a R_V + b can be \
         fitted, or leave R_V out of [priors]"
    )]
    RvPrior {
        /// The law.
        law: String,
    },
    /// A wavelength at which a reddening law is not defined.
    #[error("wavelength {wavelength} Å is outside extinction law {law}, which {}", covers(*min, *max))]
    ExtinctionWavelength {
        /// The law.
        law: String,
        /// The wavelength \[Å\].
        wavelength: f64,
        /// The law's shortest wavelength \[Å\].
        min: f64,
        /// Its longest, infinite where it has none \[Å\].
        max: f64,
    },

    /// A prior that makes no sense.
    #[error("prior of {parameter}: expected {expected}")]
    BadPrior {
        /// The parameter.
        parameter: String,
        /// What a prior must be.
        expected: &'static str,
    },

    /// A prior that leaves the nodes of the emissivities.
    #[error(
        "prior of {parameter} covers {lower} to {upper}: expected bounds inside {low:.4} to {high:.4}, where the \
         emissivities have nodes"
    )]
    PriorRange {
        /// The parameter.
        parameter: String,
        /// Its prior's lower bound.
        lower: f64,
        /// Its prior's upper bound.
        upper: f64,
        /// The first node.
        low: f64,
        /// The last node.
        high: f64,
    },

    /// A name that is no parameter.
    #[error(
        "unknown parameter `{parameter}`: expected T_ZONE of a zone such as T_low or T_high that is not tied, n_e, log_ne, \
         n_e_ZONE of a zone with a density of its own, cHbeta, R_V, tau, xi, a_H, a_He, ln_FHbeta, nu, cal_ARM or an ion of \
         the emissivities such as O3"
    )]
    UnknownParameter {
        /// The name.
        parameter: String,
    },

    /// Priors on both n_e and log_ne.
    #[error("priors of both n_e and log_ne: expected one of them")]
    TwoDensityPriors,

    /// An error floor outside its range.
    #[error("error_floor = {value}: expected a fraction from 0 to below 1")]
    ErrorFloor {
        /// The value.
        value: f64,
    },

    /// More zones than a problem holds.
    #[error("{found} zones: expected {most} at most")]
    TooManyZones {
        /// How many there are.
        found: usize,
        /// How many fit.
        most: usize,
    },

    /// A zone that follows one that is not there.
    #[error("zone `{zone}` follows `{named}`: expected one of the zones {known}")]
    UnknownZone {
        /// The zone.
        zone: String,
        /// What it follows.
        named: String,
        /// The zones.
        known: String,
    },

    /// Zones that follow one another in a circle.
    #[error("the zones {zones} follow one another in a circle: expected one of them to be free")]
    ZoneCycle {
        /// Zones on the circle, or behind it.
        zones: String,
    },

    /// A relation that nobody published under this name.
    #[error("zone `{zone}`: unknown relation `{relation}`: expected one of {known}, or `slope` and `intercept`")]
    UnknownRelation {
        /// The zone.
        zone: String,
        /// The name.
        relation: String,
        /// The names known.
        known: String,
    },

    /// A zone that cannot be.
    #[error("zone `{zone}`: expected {expected}")]
    BadZone {
        /// The zone.
        zone: String,
        /// What it must be.
        expected: &'static str,
    },

    /// An ion that two zones list.
    #[error("ion {ion} stands in the zones `{first}` and `{second}`: expected it in one")]
    IonInTwoZones {
        /// The ion.
        ion: String,
        /// The first zone.
        first: String,
        /// The second.
        second: String,
    },

    /// An ion that no zone takes.
    #[error("no zone takes the ion {ion}: list it, or leave `ions` out of one zone, which then takes what is left")]
    HomelessIon {
        /// The ion.
        ion: String,
    },

    /// An ion without lines.
    #[error("ion {ion}: the emissivities hold no line of it")]
    IonWithoutLines {
        /// The ion.
        ion: String,
    },

    /// A spectrograph's arm that cannot be.
    #[error("calibration `{arm}`: expected {expected}")]
    BadArm {
        /// The arm.
        arm: String,
        /// What it must be.
        expected: &'static str,
    },

    /// A line that the table of four coefficients lacks.
    #[error(
        "object `{object}`, line {line}: the table of four coefficients has no row of it: add it, or exclude the line"
    )]
    NoCoefficients {
        /// The object.
        object: String,
        /// The line.
        line: String,
    },

    /// Four coefficients that make an emissivity negative.
    #[error(
        "four coefficients of {line}: 1 + k4 n with k4 = {k4} is not positive from n_e = {density:.0} cm-3 on, and the prior \
         reaches {largest:.0} cm-3: cut the prior of the density below that"
    )]
    CoefficientPole {
        /// The line.
        line: String,
        /// Its k₄ \[cm³\].
        k4: f64,
        /// Where 1 + k₄ n vanishes [cm⁻³].
        density: f64,
        /// The largest density that the prior reaches [cm⁻³].
        largest: f64,
    },

    /// A flux beyond what single precision holds.
    #[error(
        "object `{object}`, line {line}: {flux:e} ± {sigma:e} relative to Hβ: expected a flux within 1e9 and an error from \
         1e-15 to 1e9"
    )]
    FluxRange {
        /// The object.
        object: String,
        /// The line.
        line: String,
        /// Its flux relative to Hβ.
        flux: f64,
        /// Its error in the likelihood.
        sigma: f64,
    },

    /// An object all of whose lines are left out.
    #[error("object `{object}`: no line besides Hβ is left to fit")]
    NoUsableLine {
        /// The object.
        object: String,
    },

    /// An object all of whose parameters are fixed.
    #[error("object `{object}`: no free parameter: every prior in its model is `fixed`")]
    NothingToSample {
        /// The object.
        object: String,
    },

    /// An object whose posterior has no mode that could be found.
    #[error("object `{object}`: no mode was found, so there is nowhere to start: see what `nebulium check` says of it")]
    NoMode {
        /// The object.
        object: String,
    },

    /// A line with neither an error nor a flux that a floor could be taken of.
    #[error("object `{object}`, line {line}: no error and nothing to take a floor of: expected an error > 0")]
    NoSigma {
        /// The object.
        object: String,
        /// The line.
        line: String,
    },

    /// A line where the reddening law is not defined.
    #[error("object `{object}`, line {line}: the law {law} is not defined at {wavelength} Å")]
    LineOutsideLaw {
        /// The object.
        object: String,
        /// The line.
        line: String,
        /// Its wavelength in Å.
        wavelength: f64,
        /// The law.
        law: String,
    },

    /// More parameters than a problem holds.
    #[error("object `{object}`: {found} {what}, at most {most} fit")]
    ProblemTooLarge {
        /// The object.
        object: String,
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many fit.
        most: usize,
    },

    /// A setting out of its range.
    #[error("{key} = `{value}`: expected {expected}")]
    Setting {
        /// Its key in the configuration.
        key: &'static str,
        /// What was given.
        value: String,
        /// What it takes.
        expected: &'static str,
    },

    /// A GPU asked of a build without the feature `gpu`.
    #[error("this build has no GPU backend: build with the feature `gpu`, or take --backend cpu")]
    NoGpuInBuild,

    /// A manifest of a result that this version of the program does not understand.
    #[error("{}: no manifest of a result that this version reads: {message}", path.display())]
    BadManifest {
        /// The manifest.
        path: PathBuf,
        /// What the parser said.
        message: String,
    },

    /// A setting that the model refuses, and where it was set.
    #[error("{}: {source}", path.display())]
    InConfig {
        /// The configuration.
        path: PathBuf,
        /// Why it is refused.
        source: Box<Error>,
    },

    /// An ion that the default population of simulated objects does not have.
    #[error(
        "line {line}: the default population has no {ion}; give --truth a table with a column {ion}, or leave the line out"
    )]
    NoPopulation {
        /// The line.
        line: String,
        /// Its ion.
        ion: String,
    },

    /// A simulation of nobody knows how many objects.
    #[error("--objects: nothing given, expected a number of objects, or --truth with a table of one row each")]
    HowMany,

    /// A table of true parameters with neither one row nor one for each object.
    #[error("{}: {found} rows of true parameters for {expected} objects: give one row for all, or one each", path.display())]
    TruthRows {
        /// The table.
        path: PathBuf,
        /// Its rows.
        found: usize,
        /// The objects asked for.
        expected: usize,
    },

    /// A table of true parameters without the object.
    #[error("{}: no row of object `{object}`: expected one with its name in a column `object`, or a single row", path.display())]
    NoTruth {
        /// The table.
        path: PathBuf,
        /// The object.
        object: String,
    },

    /// A file that stands where a result would go.
    #[error("{} exists: give another place, or --force to replace it", path.display())]
    OutputExists {
        /// The file.
        path: PathBuf,
    },

    /// A directory into which another run is writing.
    #[error("{}: another run is writing its results here: give another directory, or wait for it", path.display())]
    OutputBusy {
        /// The directory.
        path: PathBuf,
    },

    /// More columns of results than a FITS table holds.
    #[error(
        "results.fits would have {own} columns of results and {kept} of the catalogue, {most} at most: carry fewer by `keep`"
    )]
    TooManyColumns {
        /// Number of columns of the results' own.
        own: usize,
        /// Number of kept columns of the catalogue.
        kept: usize,
        /// Largest number of columns of a FITS table.
        most: usize,
    },

    /// A file of a result that could not be written whole.
    #[error("{} could not be written: {source}; nothing of this run was kept: mend this and run it again", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

impl Error {
    /// True if a name of a line is refused because it may mean one of several lines or sums.
    pub(crate) fn is_unclear(&self) -> bool {
        matches!(
            self,
            Error::AmbiguousLine { .. }
                | Error::BetweenLines { .. }
                | Error::SeveralLines { .. }
                | Error::NearHydrogen { .. }
        )
    }

    /// The bytes of the file `path` as text, or [`Error::NotUtf8`].
    pub(crate) fn text<'a>(bytes: &'a [u8], path: &Path) -> Result<&'a str> {
        std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            Error::NotUtf8 {
                path: path.to_owned(),
                row: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            }
        })
    }
}

fn columns_of(count: usize) -> String {
    match count {
        1 => "column".to_owned(),
        count => format!("columns ({count})"),
    }
}

fn them(count: usize) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

/// Names like the one that was not found; nothing for none.
fn such_as(near: &[String]) -> String {
    if near.is_empty() {
        return String::new();
    }
    let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    format!(", such as {}", near.join(", "))
}

/// A cell's text in quotes, or that there is none.
fn shown(value: &str) -> String {
    match value {
        "" => "nothing".to_owned(),
        value => format!("`{value}`"),
    }
}

/// What sort of device was asked for.
fn asked(wanted: &str) -> String {
    match wanted {
        "" => " other than software (which must be asked for by name)".to_owned(),
        wanted => format!(" called `{wanted}` (by number, part of its name, or PCI address)"),
    }
}

/// The wavelengths of a reddening law.
fn covers(min: f64, max: f64) -> String {
    match max.is_finite() {
        true => format!("covers {min:.0} to {max:.0} Å"),
        false => format!("begins at {min:.0} Å"),
    }
}

/// Why a label found no line.
fn nothing_near(ion: &str, known: &str) -> String {
    match known {
        "" => format!("the emissivities hold no line of {ion}"),
        known => format!("no line of {ion} lies near it, within 3 Å in air or vacuum (known: {known})"),
    }
}

/// The result of anything fallible here.
pub type Result<T> = std::result::Result<T, Error>;
