//! The shipped galaxies, read once and made into problems.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use nebulium::emissivity::Set;
use nebulium::extinction::Law;
use nebulium::problem::{Normalisation, Preset, Problem, Recipe, Settings};
use nebulium::table::{self, Entry};

/// The embedded emissivities and the shipped catalogue.
pub struct Fixture {
    /// The emissivities.
    pub set: Set,
    /// The HeBCD galaxies.
    pub catalogue: table::Catalogue,
}

impl Fixture {
    /// Read at the first call.
    pub fn get() -> &'static Fixture {
        static FIXTURE: OnceLock<Fixture> = OnceLock::new();
        FIXTURE.get_or_init(|| {
            let set = Set::built_in().expect("the embedded set is sound");
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/hebcd_sample.csv");
            let catalogue = table::read(&path, &set.list, &table::Settings::default()).expect("the shipped catalogue");
            Fixture { set, catalogue }
        })
    }

    /// The problems of all its galaxies.
    pub fn problems(&self, settings: &Settings) -> Vec<Problem> {
        let law = Law::from_name("CCM89", None).expect("a known law");
        let recipe = Recipe::new(settings, &Default::default(), &self.set, law).expect("sound settings");
        let objects = self.catalogue.entries.iter().map(|entry| match entry {
            Entry::Fit(object) => object,
            Entry::Rejected { id, .. } => panic!("{id} is rejected"),
        });
        objects
            .map(|object| Problem::new(&recipe, object).expect("a problem"))
            .collect()
    }
}

/// Settings of a preset.
pub fn settings(preset: Preset, normalisation: Option<Normalisation>) -> Settings {
    Settings {
        preset,
        normalisation,
        ..Settings::default()
    }
}

/// A catalogue written for one test, read back.
pub fn catalogue(name: &str, text: &str) -> table::Catalogue {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a writable target directory");
    table::read(&path, &Fixture::get().set.list, &table::Settings::default()).expect("readable")
}

/// Its objects, none of them rejected.
pub fn objects(name: &str, text: &str) -> Vec<table::Object> {
    let catalogue = catalogue(name, text);
    let fit = |entry| match entry {
        Entry::Fit(object) => object,
        Entry::Rejected { reasons, .. } => panic!("{reasons:?}"),
    };
    catalogue.entries.into_iter().map(fit).collect()
}
