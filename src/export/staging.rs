//! Files that appear whole or not at all: written aside under a lock, synced, then renamed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::place;
use crate::error::{ExportError, Result};

/// File in the staging directory; a run that writes there holds its lock.
const LOCK: &str = "lock";
/// Contents of that file, by which the program knows its own directory.
const MARK: &[u8] = b"nebulium writes here\n";

/// Directory beside the final files, in which they grow; it is removed with the value.
#[derive(Debug)]
pub(super) struct Staging {
    /// Directory of the final files.
    directory: PathBuf,
    /// Directory of the growing files.
    aside: PathBuf,
    /// True if the run made `directory`.
    created: bool,
    /// Lock of the run; the system releases it when the program dies.
    lock: File,
}

/// File that grows in a staging directory.
#[derive(Debug)]
pub(super) struct Sink {
    name: String,
    path: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

/// Description of a written file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Written {
    /// Name of the file.
    #[serde(skip)]
    pub(super) name: String,
    /// Length \[bytes\].
    pub(super) bytes: u64,
    /// SHA-256 in hexadecimal.
    pub(super) sha256: String,
}

impl Staging {
    /// Makes `directory`, and `aside` inside it without the files of a killed run.
    ///
    /// # Errors
    /// A directory that cannot be made, that is a link, or in which another run is writing; an
    /// `aside` that this program did not make.
    pub(super) fn open(directory: &Path, aside: &str) -> Result<Staging, ExportError> {
        let created = place::expect_directory(directory)?;
        fs::create_dir_all(directory).map_err(|source| cannot(directory, source))?;
        let aside = directory.join(aside);
        let path = aside.join(LOCK);
        if place::expect_directory(&aside)? {
            fs::create_dir(&aside).map_err(|source| cannot(&aside, source))?;
        } else {
            expect_own(&aside)?;
        }
        let lock = locked(&path).map_err(|source| cannot(&path, source))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ExportError::Busy {
                    path: directory.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(cannot(&path, source)),
        }
        let mut staging = Staging {
            directory: directory.to_owned(),
            aside,
            created,
            lock,
        };
        staging.clear()?;
        let marked = staging.lock.set_len(0).and_then(|()| staging.lock.write_all(MARK));
        marked.map_err(|source| cannot(&path, source))?;
        Ok(staging)
    }

    /// Removes the files of a killed run.
    fn clear(&self) -> Result<(), ExportError> {
        let entries = fs::read_dir(&self.aside).map_err(|source| cannot(&self.aside, source))?;
        for entry in entries.flatten().filter(|entry| entry.file_name() != LOCK) {
            fs::remove_file(entry.path()).map_err(|source| cannot(&entry.path(), source))?;
        }
        Ok(())
    }

    /// Begins the file `name`.
    ///
    /// # Errors
    /// A final path where something else than a file stands; a file that cannot be opened.
    pub(super) fn sink(&self, name: &str) -> Result<Sink, ExportError> {
        let path = self.directory.join(name);
        place::expect_file(&path)?;
        let file = File::create_new(self.aside(name)).map_err(|source| cannot(&path, source))?;
        Ok(Sink {
            name: name.to_owned(),
            path,
            file: BufWriter::new(file),
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// Path of the file `name` until it is published.
    pub(super) fn aside(&self, name: &str) -> PathBuf {
        self.aside.join(name)
    }

    /// Puts the files `names` into place, in that order.
    pub(super) fn publish<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<(), ExportError> {
        for name in names {
            let path = self.directory.join(name);
            place::expect_file(&path)?;
            fs::rename(self.aside(name), &path).map_err(|source| cannot(&path, source))?;
        }
        let synced = File::open(&self.directory).and_then(|directory| directory.sync_all());
        synced.map_err(|source| cannot(&self.directory, source))
    }

    /// Removes the final file `name` if there is one.
    pub(super) fn remove(&self, name: &str) -> Result<(), ExportError> {
        let path = self.directory.join(name);
        place::expect_file(&path)?;
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(cannot(&path, source)),
            _ => Ok(()),
        }
    }
}

impl Drop for Staging {
    /// Removes half-written files; the next run removes those that remain.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.aside);
        let _ = self.lock.unlock();
        if self.created {
            let _ = fs::remove_dir(&self.directory);
        }
    }
}

impl Sink {
    /// Adds to the file.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|source| cannot(&self.path, source))
    }

    /// True if nothing was written yet.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Error of contents that could not be made.
    pub(super) fn error(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ExportError {
        cannot(&self.path, io::Error::other(source))
    }

    /// Ends the file: all of it is on the disk.
    pub(super) fn finish(mut self) -> Result<Written, ExportError> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(|source| cannot(&self.path, source))?;
        Ok(Written {
            name: self.name,
            bytes: self.bytes,
            sha256: self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

/// Checks that a directory is a staging directory that this program left: empty, or with a lock
/// that has the program's mark and nothing but files.
fn expect_own(aside: &Path) -> Result<(), ExportError> {
    let foreign = || ExportError::Foreign { path: aside.to_owned() };
    let entries = fs::read_dir(aside).map_err(|source| cannot(aside, source))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| cannot(aside, source))?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file {
            return Err(foreign());
        }
        names.push(entry.file_name());
    }
    let has_lock = names.iter().any(|name| name == LOCK);
    let is_marked = || fs::read(aside.join(LOCK)).is_ok_and(|mark| mark.is_empty() || mark == MARK);
    match names.is_empty() || has_lock && is_marked() {
        true => Ok(()),
        false => Err(foreign()),
    }
}

/// Opens the lock, which another run may hold.
fn locked(path: &Path) -> io::Result<File> {
    match File::create_new(path) {
        Err(source) if source.kind() == io::ErrorKind::AlreadyExists => OpenOptions::new().write(true).open(path),
        opened => opened,
    }
}

fn cannot(path: &Path, source: io::Error) -> ExportError {
    ExportError::Write {
        path: path.to_owned(),
        source,
    }
}
