//! Files of one catalogue, read object by object, any number of times.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};

use super::bytes::Bytes;
use super::content::Contents;
use super::first_rows::FirstRows;
use super::from_fits::{Choice, log_names};
use super::source::scan;
use super::{Catalogue, Entry, Settings, SidePriors, Take, Warning, Warnings};
use crate::error::{CatalogueError, Error, Result};
use crate::line::LineList;

/// Files of line fluxes with the settings for reading them, and the side table of priors.
#[derive(Debug)]
pub struct Sources<'a> {
    files: Vec<File<'a>>,
    list: &'a LineList,
    settings: &'a Settings,
    side: Option<SidePriors>,
}

/// A file of a catalogue.
#[derive(Debug, Clone)]
struct File<'a> {
    path: &'a Path,
    /// Table requested as `FILE[NAME]`.
    extension: Option<&'a str>,
    /// Name of the object where only the file names it.
    id: String,
    bytes: Bytes,
}

/// Content of the files, without the objects.
#[derive(Debug)]
pub struct Beside {
    /// Content of each file.
    pub files: Vec<Contents>,
    /// Warnings about the side table.
    pub of_side: Warnings,
}

impl<'a> Sources<'a> {
    /// Opens the files at `paths`. A path `FILE[NAME]` that is no file means the table `NAME` of a
    /// FITS file. A pipe, or the standard input at `-`, is read at once and kept. If one of several
    /// files cannot be opened, the error belongs to the object of that file.
    ///
    /// # Errors
    /// A single file that cannot be opened.
    pub fn open(paths: &'a [PathBuf], list: &'a LineList, settings: &'a Settings) -> Result<Sources<'a>> {
        let open = |path: &'a PathBuf| {
            let (path, extension) = path_and_extension(path);
            let bytes = match Bytes::of(path) {
                Err(error) if paths.len() == 1 => return Err(error),
                bytes => bytes.unwrap_or(Bytes::OnDisk),
            };
            let id = stem(path);
            Ok(File {
                path,
                extension,
                id,
                bytes,
            })
        };
        let mut files: Vec<File> = paths.iter().map(open).collect::<Result<_>>()?;
        name_apart(&mut files);
        Ok(Sources {
            files,
            list,
            settings,
            side: None,
        })
    }

    /// A file with these bytes.
    #[cfg(test)]
    pub(super) fn of(path: &'a str, bytes: Vec<u8>, list: &'a LineList, settings: &'a Settings) -> Sources<'a> {
        let bytes = Bytes::Kept(super::store::Store::keep(&bytes[..]).unwrap());
        let (path, extension) = (Path::new(path), None);
        Sources {
            files: vec![File {
                path,
                extension,
                id: stem(path),
                bytes,
            }],
            list,
            settings,
            side: None,
        }
    }

    /// The files with a side table of priors, which override those of the catalogue's own columns.
    #[must_use]
    pub fn with_priors(self, side: Option<SidePriors>) -> Sources<'a> {
        Sources { side, ..self }
    }

    /// Files of this catalogue with other settings. The content of a pipe is shared.
    pub fn with_settings<'b>(&self, settings: &'b Settings) -> Sources<'b>
    where
        'a: 'b,
    {
        Sources {
            files: self.files.clone(),
            list: self.list,
            settings,
            side: self.side.clone(),
        }
    }

    /// Path and bytes of the first file.
    pub(super) fn first(&self) -> Option<(&Path, &Bytes)> {
        self.files.first().map(|file| (file.path, &file.bytes))
    }

    /// List of lines.
    pub(super) fn list(&self) -> &LineList {
        self.list
    }

    /// Passes all objects to `take`, file after file. An object that an earlier file has is
    /// rejected. If one of several files cannot be read, it is a rejected object with the file's
    /// name. A row of the side table for an unknown object becomes a warning.
    ///
    /// # Errors
    /// Errors of [`read`](super::read) for a single file, and of `take`.
    pub fn read(&self, take: Take) -> Result<Beside> {
        let rows = self.side.iter().flat_map(|side| &side.objects);
        let mut unused: BTreeMap<&str, usize> = rows.map(|(id, (row, _))| (id.as_str(), *row)).collect();
        // Number of the file with the first row of each object; not needed for a single file.
        let mut known = FirstRows::default();
        let mut files = Vec::with_capacity(self.files.len());
        let repeated = self.repeated_logs();
        for (number, file) in self.files.iter().enumerate() {
            let path = file.path;
            let choice = Choice {
                id: &file.id,
                named: file.extension,
                repeated: &repeated,
            };
            let mut stopped = false;
            let mut one = |mut entry: Entry| {
                if self.files.len() > 1
                    && let Some(first) = known.earlier(entry.id(), number)
                {
                    entry = repeated_object(entry, path, self.files[first].path);
                }
                if let Some(side) = &self.side {
                    unused.remove(entry.id());
                    apply(side, &mut entry);
                }
                let taken = take(entry);
                stopped = taken.is_err();
                taken
            };
            match scan(path, &file.bytes, self.list, self.settings, &choice, &mut one) {
                Ok(contents) => files.push(contents),
                Err(error) if stopped || self.files.len() == 1 => return Err(error),
                Err(error) => {
                    files.push(Contents::unread(path));
                    take(unreadable(&file.id, error))?;
                }
            }
        }
        let warning = |(object, row): (&str, usize)| Warning::PriorOfNoObject {
            path: self.side.as_ref().map(|side| side.path.clone()).unwrap_or_default(),
            row,
            object: object.to_owned(),
        };
        let of_side = unused.into_iter().map(warning).collect();
        Ok(Beside { files, of_side })
    }

    /// Extensions with a LiMe log whose name occurs in two files or more.
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

    /// Reads all objects at once.
    ///
    /// # Errors
    /// Errors of [`read`](super::read).
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

/// Name of an object that only its file names: the name of the file without its extension and
/// without `.gz`.
fn stem(path: &Path) -> String {
    let path = match path.extension() {
        Some(ending) if ending.eq_ignore_ascii_case("gz") => path.with_extension(""),
        _ => path.to_owned(),
    };
    match path.file_stem() {
        Some(stem) => stem.to_string_lossy().into_owned(),
        None => String::new(),
    }
}

/// Adds folders to the names of files that would otherwise be equal, as many as are needed.
fn name_apart(files: &mut [File]) {
    let deepest = files.iter().map(|file| file.path.components().count()).max();
    for folders in 1..deepest.unwrap_or_default() {
        let mut of_id: HashMap<&str, BTreeSet<&Path>> = HashMap::new();
        for file in files.iter() {
            of_id.entry(&file.id).or_default().insert(file.path);
        }
        let shared: Vec<bool> = files.iter().map(|file| of_id[file.id.as_str()].len() > 1).collect();
        if !shared.contains(&true) {
            return;
        }
        for (file, _) in files.iter_mut().zip(shared).filter(|(_, shared)| *shared) {
            if let Some(Component::Normal(folder)) = file.path.components().rev().nth(folders) {
                file.id = format!("{}/{}", folder.to_string_lossy(), file.id);
            }
        }
    }
}

/// Splits a path into file and name in brackets, unless a file has the whole path as its name.
fn path_and_extension(path: &Path) -> (&Path, Option<&str>) {
    let split = || path.to_str()?.strip_suffix(']')?.rsplit_once('[');
    match split() {
        Some((file, name)) if !path.exists() && Path::new(file).exists() => (Path::new(file), Some(name.trim())),
        _ => (path, None),
    }
}

/// Rejected object of a file that cannot be read.
fn unreadable(id: &str, error: Error) -> Entry {
    Entry::Rejected {
        id: id.to_owned(),
        row: 0,
        reasons: vec![error],
        kept: Vec::new(),
    }
}

/// Rejects an object whose name occurs in the earlier file `first`.
fn repeated_object(entry: Entry, path: &Path, first: &Path) -> Entry {
    match entry {
        Entry::Fit(object) => Entry::Rejected {
            reasons: vec![Error::Catalogue(CatalogueError::RepeatedObject {
                path: path.to_owned(),
                object: object.id.clone(),
                first: first.to_owned(),
            })],
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
