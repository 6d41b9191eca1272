//! Bytes that can be read at any position, any number of times: a file, or a stream that was kept.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;

use super::hexadecimal_of;

/// Bytes of a stream that are held in memory. A longer stream goes to an unnamed temporary file.
pub(crate) const HELD: usize = 64 << 20;
/// Bytes read at once.
const BUFFER: usize = 1 << 18;

/// Bytes of known number; clones read the same bytes.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    bytes: Arc<Mutex<dyn Seekable>>,
    length: u64,
}

/// A reader of a store from one position on.
#[derive(Debug)]
pub(crate) struct Reader {
    store: Store,
    at: u64,
}

/// Readable and seekable bytes, such as a file.
trait Seekable: Read + Seek + Send + Debug {}

impl Seekable for File {}
impl Seekable for SpooledTempFile {}

impl Store {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub(crate) fn file(path: &Path) -> io::Result<Store> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let bytes = Arc::new(Mutex::new(file));
        Ok(Store { bytes, length })
    }

    /// Keeps all bytes of a stream.
    ///
    /// # Errors
    /// A stream that ends in an error; a temporary file that cannot be written.
    pub(crate) fn keep(mut stream: impl Read) -> io::Result<Store> {
        let mut kept = SpooledTempFile::new(HELD);
        let mut buffer = vec![0; BUFFER];
        let mut length = 0;
        loop {
            let read = match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            kept.write_all(&buffer[..read])?;
            length += read as u64;
        }
        let bytes = Arc::new(Mutex::new(kept));
        Ok(Store { bytes, length })
    }

    /// Number of bytes.
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// Reads some of the bytes from `at` on. Returns their number, 0 at the end.
    ///
    /// # Errors
    /// Bytes that cannot be read.
    pub(crate) fn read_at(&self, at: u64, bytes: &mut [u8]) -> io::Result<usize> {
        let mut inner = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        inner.seek(SeekFrom::Start(at))?;
        inner.read(bytes)
    }

    /// Fills `bytes` from `at` on.
    ///
    /// # Errors
    /// Too few bytes; bytes that cannot be read.
    pub(crate) fn fill_at(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.reader(at).read_exact(bytes)
    }

    /// A reader from `at` on.
    pub(crate) fn reader(&self, at: u64) -> Reader {
        let store = self.clone();
        Reader { store, at }
    }

    /// SHA-256 of all bytes in hexadecimal.
    ///
    /// # Errors
    /// Bytes that cannot be read.
    pub(crate) fn sha256(&self) -> io::Result<String> {
        let (mut hash, mut reader) = (Sha256::new(), self.reader(0));
        let mut buffer = vec![0; BUFFER];
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(hexadecimal_of(&hash.finalize())),
                read => hash.update(&buffer[..read]),
            }
        }
    }
}

impl Read for Reader {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.store.read_at(self.at, bytes)?;
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_of_a_store_do_not_disturb_each_other() {
        let store = Store::keep(&b"0123456789"[..]).unwrap();
        let (mut first, mut second) = (store.reader(0), store.reader(5));
        let mut byte = [0; 2];
        first.read_exact(&mut byte).unwrap();
        assert_eq!(&byte, b"01");
        second.read_exact(&mut byte).unwrap();
        assert_eq!(&byte, b"56");
        first.read_exact(&mut byte).unwrap();
        assert_eq!(&byte, b"23");
        assert!(store.fill_at(9, &mut byte).is_err() && store.len() == 10);
    }
}
