//! Files that appear whole or not at all: written aside under a lock, synced, then renamed.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{ExportError, Result};

/// File in the staging directory; a run that writes there holds its lock.
const LOCK: &str = "lock";

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
    /// A directory that cannot be made, or in which another run is writing.
    pub(super) fn open(directory: &Path, aside: &str) -> Result<Staging, ExportError> {
        let created = !directory.exists();
        fs::create_dir_all(directory).map_err(|source| cannot(directory, source))?;
        let aside = directory.join(aside);
        fs::create_dir_all(&aside).map_err(|source| cannot(&aside, source))?;
        let path = aside.join(LOCK);
        let lock = File::create(&path).map_err(|source| cannot(&path, source))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ExportError::Busy {
                    path: directory.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(cannot(&path, source)),
        }
        let staging = Staging {
            directory: directory.to_owned(),
            aside,
            created,
            lock,
        };
        staging.clear()?;
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
    pub(super) fn sink(&self, name: &str) -> Result<Sink, ExportError> {
        let path = self.directory.join(name);
        let file = File::create(self.aside(name)).map_err(|source| cannot(&path, source))?;
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
            fs::rename(self.aside(name), &path).map_err(|source| cannot(&path, source))?;
        }
        let synced = File::open(&self.directory).and_then(|directory| directory.sync_all());
        synced.map_err(|source| cannot(&self.directory, source))
    }

    /// Removes the final file `name` if there is one.
    pub(super) fn remove(&self, name: &str) -> Result<(), ExportError> {
        let path = self.directory.join(name);
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

fn cannot(path: &Path, source: io::Error) -> ExportError {
    ExportError::Write {
        path: path.to_owned(),
        source,
    }
}
