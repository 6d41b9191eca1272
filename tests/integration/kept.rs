//! Kept columns and flags of the input in the results of both methods; FITS tables of any names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use fitsio_pure::bintable::{BinaryColumnData, parse_binary_table_columns, read_binary_column};
use fitsio_pure::hdu::{HduInfo, parse_fits};
use fitsio_pure::value::Value;
use nebulium::backend::cpu::Cpu;
use nebulium::draws::{KeepDraws, Method};
use nebulium::export::{Provenance, Writer};
use nebulium::extinction::Law;
use nebulium::fit::{self, Carried, Options, Outcome, Plan, Planned};
use nebulium::flag::{Code, Flag};
use nebulium::problem::{Preset, Problem, Recipe};
use nebulium::summary::Status;
use nebulium::table::{Catalogue, Entry, Kept, KeptColumn, Kind};
use nebulium::{abundance, classical};

use crate::fit::{options, read};
use crate::galaxies::{Fixture, settings};
use crate::program::{rows, scratch};

/// Header of the table of a FITS file by keyword, and columns by name.
fn table(path: &Path) -> (BTreeMap<String, Value>, BTreeMap<String, BinaryColumnData>) {
    let bytes = std::fs::read(path).unwrap();
    let file = parse_fits(&bytes).unwrap();
    let hdu = &file.hdus[1];
    let HduInfo::BinaryTable { tfields, .. } = hdu.info else {
        panic!("no table")
    };
    let columns = parse_binary_table_columns(&hdu.cards, tfields).unwrap();
    assert_eq!(columns.len(), tfields);
    let read = |place: usize| read_binary_column(&bytes, hdu, place).unwrap();
    let named = columns.iter().enumerate();
    let found: BTreeMap<_, _> = named
        .map(|(place, column)| (column.name.clone().unwrap(), read(place)))
        .collect();
    assert_eq!(found.len(), tfields, "no two names alike");
    let cards = hdu.cards.iter().cloned();
    let values = cards.filter_map(|card| Some((card.keyword_str().to_owned(), card.value?)));
    (values.collect(), found)
}

pub fn provenance(method: Method, kept: Vec<Carried>) -> Provenance {
    Provenance {
        catalogues: vec![(String::new(), String::new())],
        priors: None,
        configuration: Default::default(),
        method,
        seed: 1,
        emissivities: Default::default(),
        f_tau: Default::default(),
        extinction: Default::default(),
        abundances: abundance::Settings::default(),
        backend: String::new(),
        lines: BTreeMap::new(),
        kept,
        escape_formulas: false,
    }
}

fn carried(name: &str, unit: Option<&str>, kind: Kind) -> Carried {
    Carried {
        name: name.to_owned(),
        unit: unit.map(str::to_owned),
        kind,
    }
}

fn kept(values: &[(&str, &str)]) -> Vec<Kept> {
    let column = |name: &str| KeptColumn {
        name: name.to_owned(),
        unit: None,
        kind: None,
    };
    let one = |(name, value): &(&str, &str)| Kept {
        column: Arc::new(column(name)),
        value: (*value).to_owned(),
    };
    values.iter().map(one).collect()
}

/// A rejected object with kept values.
fn rejected(id: &str, kept: Vec<Kept>) -> Outcome {
    Outcome {
        index: 0,
        id: id.to_owned(),
        status: Status::Rejected,
        flags: Vec::new(),
        kept,
        reasons: Vec::new(),
        problem: None,
        fitted: None,
        audit: Vec::new(),
    }
}

/// Writes a result of these outcomes with the parameters `columns` into the directory `name`.
pub fn write(name: &str, provenance: Provenance, columns: &[String], outcomes: &[Outcome]) -> PathBuf {
    let out = scratch(name).join("out");
    let ids: Vec<&str> = outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    let keep = (Some(KeepDraws::All), None);
    let fitted = outcomes.iter().find_map(|outcome| outcome.fitted.as_ref());
    let shape = fitted.map_or((1, 4), |fitted| (fitted.draws.chains, fitted.draws.draws));
    let mut writer = Writer::create(&out, false, &ids, columns, shape, keep, provenance).expect("a place");
    for outcome in outcomes {
        writer.add(outcome, &Fixture::get().set.grid).expect("written");
    }
    writer.finish(None, None).expect("whole");
    out
}

#[test]
fn kept_columns_stand_after_the_object_as_they_are() {
    let columns = vec![
        carried("targetid", None, Kind::Integer),
        carried("RA", Some("deg"), Kind::Number),
        carried("field", Some("deg"), Kind::Text),
        carried("z", Some("Å"), Kind::Number),
        carried("status", None, Kind::Text),
    ];
    let outcomes = [
        rejected(
            "39627788403084375",
            kept(&[
                ("targetid", "1237650369951662080"),
                ("RA", "150.10"),
                ("field", "007"),
                ("status", "é"),
            ]),
        ),
        rejected("b", kept(&[("z", "0.30"), ("targetid", ""), ("RA", "")])),
    ];
    let out = write("kept_columns", provenance(Method::Nuts, columns), &[], &outcomes);
    let text = std::fs::read_to_string(out.join("results.csv")).unwrap();
    assert!(
        text.starts_with("object,targetid,RA,field,z,input_status,log_ne_p2p5,"),
        "{text}"
    );
    let values = ["targetid", "RA", "field", "z", "input_status", "status"];
    let found = rows(&out.join("results.csv"));
    let row = |row: usize| values.map(|name| found[row][name].as_str());
    assert_eq!(row(0), ["1237650369951662080", "150.10", "007", "", "é", "rejected"]);
    assert_eq!(row(1), ["", "", "", "0.30", "", "rejected"]);

    let (cards, fits) = table(&out.join("results.fits"));
    assert_eq!(
        fits["targetid"],
        BinaryColumnData::Long(vec![1_237_650_369_951_662_080, i64::MIN])
    );
    assert_eq!(cards["TNULL2"], Value::Integer(i64::MIN));
    let BinaryColumnData::Double(ra) = &fits["RA"] else {
        panic!("numbers")
    };
    assert!(ra[0] == 150.1 && ra[1].is_nan());
    let text = |name: &str| match &fits[name] {
        BinaryColumnData::Ascii(values) => values[0].trim_end_matches(['\0', ' ']).to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        ["object", "field", "input_status"].map(text),
        ["39627788403084375", "007", "\\u{e9}"]
    );
    let told = |keyword: &str| match cards.get(keyword) {
        Some(Value::String(text)) => Some(text.trim_end().to_owned()),
        _ => None,
    };
    let units = ["TUNIT2", "TUNIT3", "TUNIT4", "TUNIT5"].map(told);
    assert_eq!(units, [None, Some("deg".to_owned()), None, None]);
    let ucds = ["TUCD1", "TUCD2", "TUCD3", "TUCD5", "TUCD6"].map(told);
    let expected = [
        Some("meta.id;meta.main"),
        Some("meta.id"),
        Some("pos.eq.ra;meta.main"),
        Some("src.redshift"),
        None,
    ];
    assert_eq!(ucds.each_ref().map(Option::as_deref), expected);
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(
        manifest["kept"][1],
        serde_json::json!({ "name": "RA", "column": "RA", "unit": "deg", "kind": "number" })
    );
    assert_eq!(manifest["kept"][4]["name"], "input_status");
}

#[test]
fn any_names_and_provenance_make_a_table_that_reads_back() {
    let names = [
        "z", "Z", "é", "\\u{e9}", "a'b", "&", "a&", "x\ny", " ", "T_x_p50", "t_X_P50",
    ];
    let mut columns: Vec<Carried> = names.iter().map(|name| carried(name, None, Kind::Text)).collect();
    let long = ["'".repeat(50), "l".repeat(200), "l".repeat(201)];
    columns.extend(
        long.iter()
            .map(|name| carried(name, Some(&"km".repeat(60)), Kind::Integer)),
    );
    let parameters = ["T_x".to_owned(), format!("T_{}", "zone".repeat(30))];
    for text in [
        "table:/a/path/of/more/than/fifty/characters/to/the/law.dat",
        "s'",
        "α",
        &"'".repeat(90),
    ] {
        let mut provenance = provenance(Method::Nuts, columns.clone());
        provenance.emissivities.0 = text.to_owned();
        provenance.extinction.0 = text.to_owned();
        let outcomes = [rejected("a", kept(&[("z", "1"), (&long[2], "-3")]))];
        let out = write("kept_names", provenance, &parameters, &outcomes);
        let header = std::fs::read(out.join("results.fits")).unwrap();
        assert!(header[..header.len() - 2880].is_ascii());
        let (cards, fits) = table(&out.join("results.fits"));
        let Value::String(law) = &cards["REDLAW"] else {
            panic!("no text")
        };
        assert!(text.starts_with(law.trim_end_matches("...")) || text == "α", "{law}");
        let folded: BTreeSet<String> = fits.keys().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(folded.len(), fits.len());
        let threes = fits
            .values()
            .filter(|column| **column == BinaryColumnData::Long(vec![-3]));
        assert_eq!(threes.count(), 1);
    }
}

#[test]
fn more_columns_than_fits_holds_are_refused_before_the_run() {
    let columns: Vec<Carried> = (0..990)
        .map(|n| carried(&format!("c{n}"), None, Kind::Number))
        .collect();
    let out = scratch("kept_wide").join("out");
    let created = Writer::create(
        &out,
        false,
        &["a"],
        &[],
        (1, 4),
        (None, None),
        provenance(Method::Nuts, columns),
    );
    let error = created.expect_err("too many").to_string();
    assert!(error.contains("990 of the catalogue, 999 at most"), "{error}");
    assert!(!out.exists());
}

/// A galaxy, one without lines and a rejected one, each with kept values; the first two with flags.
fn flagged() -> Catalogue {
    let mut catalogue = read("data/hebcd_sample.csv");
    catalogue.entries.truncate(2);
    let numbered = [("1237650369951662080", "150.5"), ("", "")];
    for (entry, (id, ra)) in catalogue.entries.iter_mut().zip(numbered) {
        let Entry::Fit(object) = entry else {
            panic!("all can be fitted")
        };
        object.flags = vec![
            Flag::about(Code::ReadAs, "O2_3727A=O2_3726A+O2_3729A"),
            Flag::about(Code::SharedLine, "a;b"),
            Flag::about(Code::SharedLine, "a;b"),
        ];
        object.kept = kept(&[("targetid", id), ("ra", ra), ("field", "007")]);
    }
    let Entry::Fit(object) = &mut catalogue.entries[1] else {
        panic!("all can be fitted")
    };
    object.measurements.clear();
    catalogue.entries.push(Entry::Rejected {
        id: "no".to_owned(),
        row: 9,
        reasons: Vec::new(),
        kept: kept(&[("targetid", "3")]),
    });
    catalogue
}

/// Outcomes of a plan by a method.
fn outcomes(method: Method, plan: Plan<'_>) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut sink = |outcome| {
        outcomes.push(outcome);
        Ok(())
    };
    let short = classical::Settings {
        realisations: 20,
        ..classical::Settings::default()
    };
    let stop = AtomicBool::new(false);
    match method {
        Method::Nuts => fit::run(plan, &mut Cpu, &options(20), &mut sink, &stop),
        Method::Importance => {
            let weighted = Options {
                importance: 2500,
                ..options(20)
            };
            fit::first_look::run(plan, &weighted, 0.0, &mut sink, &stop)
        }
        Method::Classical => classical::run(plan, &short, &options(20), &mut sink, &stop),
    }
    .expect("a run");
    outcomes
}

#[test]
fn flags_and_columns_of_the_input_reach_every_row_of_all_methods() {
    let model = settings(Preset::Plain, None);
    let law = Law::from_name("CCM89", None).expect("a known law");
    let recipe = Recipe::new(&model, &BTreeMap::new(), &Fixture::get().set, law).expect("sound settings");
    for method in [Method::Nuts, Method::Importance, Method::Classical] {
        let plan = Plan::new(flagged(), &recipe);
        let parameters = plan.columns.clone();
        let outcomes = outcomes(method, plan);
        let columns = vec![
            carried("targetid", None, Kind::Integer),
            carried("ra", Some("deg"), Kind::Number),
            carried("field", None, Kind::Text),
        ];
        let name = format!("kept_flags_{}", method.name());
        let out = write(&name, provenance(method, columns), &parameters, &outcomes);
        let found = rows(&out.join("results.csv"));
        let column = |name: &str| found.iter().map(|row| row[name].as_str()).collect::<Vec<_>>();
        assert_eq!(column("targetid"), ["1237650369951662080", "", "3"]);
        assert_eq!(column("field"), ["007", "007", ""]);
        for row in &found[..2] {
            let count = |column: &str, flag: &str| row[column].split(';').filter(|own| *own == flag).count();
            let read_as = count("decisions", "read_as:O2_3727A=O2_3726A+O2_3729A");
            let shared = count("flags", "shared_line:a\\u{3b}b");
            assert_eq!([read_as, shared], [1, 1], "{} {}", row["flags"], row["decisions"]);
        }
        assert_eq!(column("status")[1..], ["rejected", "rejected"]);
    }
}

#[test]
fn an_object_without_a_mode_has_the_flags_of_its_problem() {
    let model = settings(Preset::Plain, None);
    let law = Law::from_name("CCM89", None).expect("a known law");
    let recipe = Recipe::new(&model, &BTreeMap::new(), &Fixture::get().set, law).expect("sound settings");
    let Entry::Fit(object) = flagged().entries.remove(0) else {
        panic!("it can be fitted")
    };
    let mut problem = Problem::new(&recipe, &object).expect("a problem");
    problem.object.lines.iter_mut().for_each(|line| line.flux = f64::NAN);
    let plan = Plan {
        recipe: &recipe,
        entries: vec![Planned::with_problem(problem)],
        columns: Vec::new(),
    };
    let found = outcomes(Method::Nuts, plan).remove(0);
    let flags: Vec<String> = found.flags.iter().map(ToString::to_string).collect();
    assert_eq!((found.status, flags[0].as_str()), (Status::Fail, "no_mode"));
    assert!(
        flags.iter().any(|flag| flag.starts_with("read_as:O2_3727A=")),
        "{flags:?}"
    );
}
