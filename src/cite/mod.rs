//! The references behind a run, in BibTeX: method, choices of physics, atomic data.
//!
//! `data/references.bib` holds the entries and says what each documents. A run names its topics:
//! the sampler, its reddening law, its relations between temperatures, and so on ([`Topics`]).

mod entries;
mod result;
mod topics;

pub use topics::Topics;

use std::collections::BTreeSet;
use std::fmt::Write;

use entries::{Entry, entries};

/// Version of the program, for its own entry.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The BibTeX of `topics`: the program's own entry, then every entry that documents a topic, in the
/// order of `data/references.bib`. Topics without an entry follow as comments.
pub fn bibtex(topics: &Topics) -> String {
    let mut text = format!("% References of {}.\n\n{}", topics.subject, program());
    let mut unmet: BTreeSet<&str> = topics.all().collect();
    for entry in entries() {
        let met: Vec<&str> = topics.all().filter(|topic| entry.documents(topic)).collect();
        if met.is_empty() {
            continue;
        }
        met.iter().for_each(|topic| {
            unmet.remove(topic);
        });
        text.push_str(&shown(&entry, &met));
    }
    for source in unmet.into_iter().chain(topics.others.iter().map(String::as_str)) {
        writeln!(text, "% without an entry here: {source}").expect("a string takes all");
    }
    text
}

/// One entry under a comment with the choices that it documents.
fn shown(entry: &Entry<'_>, met: &[&str]) -> String {
    let choices: BTreeSet<&str> = met.iter().map(|topic| topics::in_words(topic)).collect();
    let choices: Vec<&str> = choices.into_iter().collect();
    format!("% {}\n{}\n\n", choices.join("; "), entry.text)
}

/// The entry of the program itself.
fn program() -> String {
    format!(
        "% the program\n@misc{{nebulium,\n  author = {{{{The nebulium developers}}}},\n  \
         title = {{nebulium: Bayesian direct method for whole surveys}},\n  note = {{version {VERSION}}},\n}}\n\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::emissivity::Set;

    #[test]
    fn the_default_run_cites_method_law_relations_and_data() {
        let topics = Topics::of_config(&Config::default()).unwrap();
        let text = bibtex(&topics);
        for key in [
            "nebulium,",
            "fernandez2019,",
            "gordon2003,",
            "garnett1992,",
            "luridiana2015,",
            "storey2014,",
            "benjamin2002,",
            "izotov2006,",
            "aver2010,",
            "hoffman2014,",
        ] {
            assert!(text.contains(&format!("{{{key}")), "{key} is missing");
        }
        for key in ["cardelli1989", "liu2000", "grieve2014", "without an entry"] {
            assert!(!text.contains(key), "{key} is there");
        }
        assert_eq!(text.matches('{').count(), text.matches('}').count());
    }

    #[test]
    fn a_choice_brings_its_paper() {
        let mut config = Config::default();
        config.extinction.law = "CCM89".to_owned();
        config.emissivities.ions.insert("S3".to_owned(), "S3-GRHK14".to_owned());
        config.model.collisional_excitation = true;
        let text = bibtex(&Topics::of_config(&config).unwrap());
        for key in ["cardelli1989,", "grieve2014,", "hsyu2020,"] {
            assert!(text.contains(&format!("{{{key}")), "{key} is missing");
        }
        assert!(!text.contains("{gordon2003,") && !text.contains("{tayal1999,"));
    }

    #[test]
    fn every_reference_of_the_atomic_data_has_an_entry() {
        for name in Set::names() {
            for reference in Set::named(name)
                .unwrap()
                .provenance
                .iter()
                .flat_map(|line| &line.references)
            {
                let topic = format!("atomic {reference}");
                let has_entry = entries().iter().any(|entry| entry.documents(&topic));
                assert!(has_entry || reference.ends_with(": Unknown"), "{name}: {reference}");
            }
        }
    }
}
