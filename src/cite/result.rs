//! The topics of a finished run, from its manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::Topics;
use crate::config::Config;
use crate::draws::Method;
use crate::error::{Error, ExportError, Result};

/// File name of a run's manifest.
const MANIFEST: &str = "manifest.json";

/// The parts of a manifest that name topics.
#[derive(Deserialize)]
struct Manifest {
    method: String,
    configuration: Configuration,
    emissivities: Named,
    f_tau: Cited,
    extinction: Law,
    lines: BTreeMap<String, Vec<String>>,
}

/// `configuration`: the settings in TOML.
#[derive(Deserialize)]
struct Configuration {
    toml: String,
}

/// `emissivities`: the name of the set and its citations.
#[derive(Deserialize)]
struct Named {
    name: String,
    citations: Vec<String>,
}

/// `f_tau`: the name of the law of optical depth and its paper.
#[derive(Deserialize)]
struct Cited {
    name: String,
    citation: String,
}

/// `extinction`: the name of the reddening law.
#[derive(Deserialize)]
struct Law {
    law: String,
}

impl Topics {
    /// The topics of the result in `directory`, with the atomic data of its lines alone.
    ///
    /// # Errors
    /// A manifest that cannot be read, or that this version of the program does not understand.
    pub fn of_result(directory: &Path) -> Result<Topics> {
        let path = directory.join(MANIFEST);
        let text = std::fs::read_to_string(&path).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
        let refused = |message: String| {
            Error::Export(ExportError::BadManifest {
                path: path.clone(),
                message,
            })
        };
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
        let config: Config =
            toml::from_str(&manifest.configuration.toml).map_err(|error| refused(error.message().to_owned()))?;
        let methods = [Method::Classical, Method::Importance];
        let own = methods.into_iter().find(|method| method.name() == manifest.method);
        let method = own.unwrap_or(Method::Nuts);
        let mut topics = Topics {
            subject: format!("the result in {}", directory.display()),
            ..Topics::default()
        };
        topics.take_config(&config, method)?;
        topics.add("law", &manifest.extinction.law);
        match config.emissivities.f_tau {
            None => topics.add("f_tau", &manifest.f_tau.name),
            Some(_) => topics
                .others
                .push(format!("optical depth, {}", manifest.f_tau.citation)),
        }
        topics.take_lines(&config, &manifest)?;
        Ok(topics)
    }

    /// Adds the atomic data of the manifest's lines; those of a set of one's own as the set names
    /// them.
    fn take_lines(&mut self, config: &Config, manifest: &Manifest) -> Result<()> {
        let members: BTreeSet<&str> = manifest.lines.values().flatten().map(String::as_str).collect();
        let built_in = crate::emissivity::Set::built_in()?.name;
        if manifest.emissivities.name.split('+').next() != Some(built_in.as_str()) {
            let citations = manifest.emissivities.citations.iter();
            self.others
                .extend(citations.map(|text| format!("emissivities, {text}")));
            return Ok(());
        }
        self.take_atomic(config, &|label| members.contains(label))
    }
}
