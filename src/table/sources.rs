//! The files of a catalogue as one, read object by object, as often as it takes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::from_fits::{Choice, log_names};
use super::source::{Bytes, Contents, scan};
use super::{Catalogue, Entry, Settings, SidePriors, Take, Warning, Warnings};
use crate::error::{Error, Result};
use crate::line::LineList;

/// Files of line fluxes with what they are read by, and the side table of priors.
#[derive(Debug)]
pub struct Sources<'a> {
    files: Vec<File<'a>>,
    list: &'a LineList,
    settings: &'a Settings,
    side: Option<SidePriors>,
}

/// A file of a catalogue.
#[derive(Debug)]
struct File<'a> {
    path: &'a Path,
    /// The table that is asked for as `FILE[NAME]`.
    extension: Option<&'a str>,
    bytes: Bytes,
}

/// What there is beside objects.
#[derive(Debug)]
pub struct Beside {
    /// Of each file.
    pub files: Vec<Contents>,
    /// What of the side table deserves a look.
    pub of_side: Warnings,
}

impl<'a> Sources<'a> {
    /// The files at `paths`, of a FITS file the table `NAME` where a path that no file has is `FILE[NAME]`; a pipe is read now,
    /// once and for all.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn open(paths: &'a [PathBuf], list: &'a LineList, settings: &'a Settings) -> Result<Sources<'a>> {
        let open = |path: &'a PathBuf| {
            let (path, extension) = path_and_extension(path);
            let bytes = Bytes::of(path)?;
            Ok(File { path, extension, bytes })
        };
        Ok(Sources {
            files: paths.iter().map(open).collect::<Result<_>>()?,
            list,
            settings,
            side: None,
        })
    }

    /// A file of these bytes.
    #[cfg(test)]
    pub(super) fn of(path: &'a str, bytes: Vec<u8>, list: &'a LineList, settings: &'a Settings) -> Sources<'a> {
        let bytes = Bytes::Kept(super::store::Store::keep(&bytes[..]).unwrap());
        let (path, extension) = (Path::new(path), None);
        Sources {
            files: vec![File { path, extension, bytes }],
            list,
            settings,
            side: None,
        }
    }

    /// With a side table of priors, which win over those of the catalogue's own columns.
    #[must_use]
    pub fn with_priors(self, side: Option<SidePriors>) -> Sources<'a> {
        Sources { side, ..self }
    }

    /// Hands all objects to `take`, file after file; one that an earlier file has is rejected. A row of the side table for an
    /// object that the catalogue lacks becomes a warning.
    ///
    /// # Errors
    /// Those of [`read`](super::read), and of `take`.
    pub fn read(&self, take: Take) -> Result<Beside> {
        let rows = self.side.iter().flat_map(|side| &side.objects);
        let mut unused: BTreeMap<&str, usize> = rows.map(|(id, (row, _))| (id.as_str(), *row)).collect();
        // The file of each object's first; where there is but one file, of none.
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut files = Vec::with_capacity(self.files.len());
        let repeated = self.repeated_logs();
        for (number, file) in self.files.iter().enumerate() {
            let path = file.path;
            let mut one = |mut entry: Entry| {
                if self.files.len() > 1 {
                    let first = *known.entry(entry.id().to_owned()).or_insert(number);
                    if first < number {
                        entry = repeated_object(entry, path, self.files[first].path);
                    }
                }
                if let Some(side) = &self.side {
                    unused.remove(entry.id());
                    apply(side, &mut entry);
                }
                take(entry)
            };
            let choice = Choice {
                named: file.extension,
                repeated: &repeated,
            };
            files.push(scan(path, &file.bytes, self.list, self.settings, &choice, &mut one)?);
        }
        let warning = |(object, row): (&str, usize)| Warning::PriorOfNoObject {
            path: self.side.as_ref().map(|side| side.path.clone()).unwrap_or_default(),
            row,
            object: object.to_owned(),
        };
        let of_side = unused.into_iter().map(warning).collect();
        Ok(Beside { files, of_side })
    }

    /// Names of extensions with a log of LiMe that two files or more have.
    fn repeated_logs(&self) -> BTreeSet<String> {
        let (mut known, mut repeated) = (BTreeSet::new(), BTreeSet::new());
        if self.files.len() > 1 {
            for file in &self.files {
                for name in log_names(file.path, &file.bytes) {
                    if !known.insert(name.clone()) {
                        repeated.insert(name);
                    }
                }
            }
        }
        repeated
    }

    /// All objects at once.
    ///
    /// # Errors
    /// Those of [`read`](super::read).
    pub fn catalogue(&self) -> Result<Catalogue> {
        let mut entries = Vec::new();
        let beside = self.read(&mut |entry| {
            entries.push(entry);
            Ok(())
        })?;
        let mut catalogue = Catalogue {
            entries,
            ..Catalogue::default()
        };
        for file in beside.files {
            catalogue.files.push((file.path, file.sha256));
            catalogue.format = file.format;
            catalogue.warnings.join(file.warnings);
        }
        catalogue.warnings.join(beside.of_side);
        Ok(catalogue)
    }
}

/// The file of a path, and the name in brackets behind it unless a file is called so.
fn path_and_extension(path: &Path) -> (&Path, Option<&str>) {
    let split = || path.to_str()?.strip_suffix(']')?.rsplit_once('[');
    match split() {
        Some((file, name)) if !path.exists() && Path::new(file).exists() => (Path::new(file), Some(name.trim())),
        _ => (path, None),
    }
}

/// An object that could be fitted, were it not for one of its name in the file `first`.
fn repeated_object(entry: Entry, path: &Path, first: &Path) -> Entry {
    match entry {
        Entry::Fit(object) => Entry::Rejected {
            reasons: vec![Error::RepeatedObject {
                path: path.to_owned(),
                object: object.id.clone(),
                first: first.to_owned(),
            }],
            id: object.id,
            row: object.row,
            kept: object.kept,
        },
        rejected => rejected,
    }
}

/// Gives an object the priors of the side table.
fn apply(side: &SidePriors, entry: &mut Entry) {
    let Entry::Fit(object) = entry else { return };
    let Some((_, priors)) = side.objects.get(&object.id) else {
        return;
    };
    for (parameter, prior) in priors {
        let own = object.priors.entry(parameter.clone()).or_default();
        own.mean = prior.mean.or(own.mean);
        own.sd = prior.sd.or(own.sd);
    }
}
