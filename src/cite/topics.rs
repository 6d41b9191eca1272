//! Topics of a run: method, choices of physics, atomic data.

use std::collections::BTreeSet;

use super::entries::ATOMIC;
use crate::config::Config;
use crate::draws::Method;
use crate::emissivity::{DIRECTORY_PREFIX, Set};
use crate::error::Result;
use crate::extinction::Law;
use crate::problem::{Kind, Recombination};

/// Topics of a run, in the words of `data/references.bib`.
#[derive(Clone, Debug, Default)]
pub struct Topics {
    /// The run in words, for the head of the BibTeX.
    pub subject: String,
    pub(super) named: BTreeSet<String>,
    /// Sources that the program cannot know, such as a user's own table.
    pub(super) others: Vec<String>,
}

impl Topics {
    /// The topics of a configuration, with the atomic data of all lines.
    ///
    /// # Errors
    /// A configuration that no run could have.
    pub fn of_config(config: &Config) -> Result<Topics> {
        let set = Set::built_in()?;
        let mut topics = Topics {
            subject: format!("nebulium with preset {:?}", config.model.preset).to_lowercase(),
            ..Topics::default()
        };
        topics.take_config(config, Method::Nuts)?;
        topics.add("law", &config.extinction.law);
        match &config.emissivities.f_tau {
            None => topics.add("f_tau", &set.f_tau.name),
            Some(path) => topics.others.push(format!("optical depth, {}", path.display())),
        }
        topics.take_atomic(config, &|_| true)?;
        Ok(topics)
    }

    /// All topics in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(String::as_str)
    }

    /// Adds the topic `name` of a kind such as `law`; `none` and a user's own table have no paper.
    pub(super) fn add(&mut self, kind: &str, name: &str) {
        match name {
            "none" => {}
            _ if name.starts_with("table:") => self.others.push(format!("reddening law, {name}")),
            _ => {
                self.named.insert(format!("{kind} {name}"));
            }
        }
    }

    /// Adds the choices of the settings: sampler, effects, relations, ionisation corrections.
    pub(super) fn take_config(&mut self, config: &Config, method: Method) -> Result<()> {
        let set = Set::built_in()?;
        let plain = without_files(config);
        let recipe = plain.recipe(&set)?;
        let posterior = method != Method::Classical;
        let switches = [
            ("method", true),
            ("pyneb", true),
            ("sampler", posterior),
            ("independence", posterior && config.sampler.independence),
            ("importance", posterior && config.importance.draws > 0),
            ("student-t", posterior && config.likelihood.kind == Kind::StudentT),
            ("outliers", posterior && config.likelihood.kind == Kind::Outliers),
            ("absorption", recipe.has_stars()),
            (
                "recombination",
                config.model.recombination != Recombination::Switch(false),
            ),
            ("collisions", config.model.collisional_excitation),
        ];
        let on = switches.iter().filter(|(_, is_on)| *is_on);
        self.named.extend(on.map(|(topic, _)| (*topic).to_owned()));
        for relation in recipe.relations().filter(|name| *name != "custom") {
            self.add("relation", relation);
        }
        // Sums of ions need no paper.
        let sums = ["sum", "oxygen", "sulphur", "ne2+/o2+"];
        for correction in config.abundances.names() {
            if !sums.contains(&correction) {
                self.add("icf", correction);
            }
        }
        Ok(())
    }

    /// Adds the atomic data of the lines that are `wanted` by label.
    pub(super) fn take_atomic(&mut self, config: &Config, wanted: &dyn Fn(&str) -> bool) -> Result<()> {
        let own = |name: &&String| name.starts_with(DIRECTORY_PREFIX);
        let others = config.emissivities.ions.values().filter(own);
        self.others.extend(others.map(|name| format!("emissivities, {name}")));
        let set = without_files(config).emissivities.applied_to(Set::built_in()?)?;
        for (line, provenance) in set.list.lines.iter().zip(&set.provenance) {
            if wanted(&line.label) {
                let references = provenance.references.iter();
                let known = references.filter(|reference| !reference.ends_with(": Unknown"));
                self.named.extend(known.map(|reference| format!("{ATOMIC}{reference}")));
            }
        }
        Ok(())
    }
}

/// A topic as it stands above its entry.
pub(super) fn in_words(topic: &str) -> &str {
    topic.strip_prefix(ATOMIC).unwrap_or(topic)
}

/// The configuration without the user's own files, which may be gone since the run.
fn without_files(config: &Config) -> Config {
    let mut plain = config.clone();
    plain.extinction.law = Law::None.name().to_owned();
    plain.extinction.rv = None;
    plain.priors.remove("R_V");
    plain.priors.remove("cHbeta");
    plain.emissivities.f_tau = None;
    plain
        .emissivities
        .ions
        .retain(|_, name| !name.starts_with(DIRECTORY_PREFIX));
    plain.model.four_coefficients = None;
    plain
}
