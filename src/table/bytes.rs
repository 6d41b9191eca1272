//! Bytes of a catalogue: read from a file any number of times, decompressed, counted and hashed.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::hexadecimal_of;
use super::store::Store;
use crate::error::{Error, FormatError, Result};

/// Bytes read from a file at once.
const BUFFER: usize = 1 << 18;
/// The first bytes of a gzip file (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Path that means the standard input.
const STANDARD_INPUT: &str = "-";
/// Largest plausible growth of a compressed file. Numbers of a table shrink to a tenth, its blanks
/// to a fiftieth.
const MOST_GROWTH: u64 = 100;
/// Size below which any growth is accepted \[bytes\].
const HARMLESS: u64 = 1 << 30;

/// Bytes of a catalogue, which can be read again.
#[derive(Debug, Clone)]
pub(crate) enum Bytes {
    /// Read from the file itself.
    OnDisk,
    /// Kept from a source that can be read only once, such as a pipe.
    Kept(Store),
}

/// SHA-256 of the bytes of a file that have been read so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hash(Rc<RefCell<Sha256>>);

impl Hash {
    /// The hash in hexadecimal.
    pub(crate) fn hexadecimal(&self) -> String {
        hexadecimal_of(&self.0.borrow().clone().finalize())
    }
}

impl Bytes {
    /// Bytes of the file `path`; `-` is the standard input.
    ///
    /// # Errors
    /// A directory, or a file that cannot be read.
    pub(crate) fn of(path: &Path) -> Result<Bytes> {
        let kept = |stream: &mut dyn Read| {
            Store::keep(stream)
                .map(Bytes::Kept)
                .map_err(|source| unreadable(path, source))
        };
        if path == Path::new(STANDARD_INPUT) {
            return kept(&mut io::stdin().lock());
        }
        let metadata = std::fs::metadata(path).map_err(|source| unreadable(path, source))?;
        if metadata.is_dir() {
            return Err(Error::Format(FormatError::Directory { path: path.to_owned() }));
        }
        match metadata.is_file() {
            true => Ok(Bytes::OnDisk),
            false => kept(&mut File::open(path).map_err(|source| unreadable(path, source))?),
        }
    }

    /// Opens the content at its beginning, decompressed if it is gzip. The hash is that of the file
    /// as it stands; it is complete once the content has been read to its end.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub(crate) fn open<'a>(&'a self, path: &Path) -> Result<(Box<dyn BufRead + 'a>, Hash)> {
        let raw: Box<dyn Read + 'a> = match self {
            Bytes::Kept(store) => Box::new(store.reader(0)),
            Bytes::OnDisk => Box::new(File::open(path).map_err(|source| unreadable(path, source))?),
        };
        let (hash, packed) = (Hash::default(), Rc::new(Cell::new(0)));
        let hashing = Hashing {
            input: raw,
            hash: hash.clone(),
            read: packed.clone(),
        };
        let mut input = BufReader::with_capacity(BUFFER, hashing);
        let start = input.fill_buf().map_err(|source| unreadable(path, source))?;
        if !start.starts_with(&GZIP) {
            return Ok((Box::new(input), hash));
        }
        let expanding = Expanding {
            input: MultiGzDecoder::new(input),
            packed,
            expanded: 0,
            harmless: HARMLESS,
        };
        Ok((Box::new(BufReader::with_capacity(BUFFER, expanding)), hash))
    }

    /// Opens the file as stored, for reading at any position.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub(crate) fn raw(&self, path: &Path) -> Result<Store> {
        match self {
            Bytes::Kept(store) => Ok(store.clone()),
            Bytes::OnDisk => Store::file(path).map_err(|source| unreadable(path, source)),
        }
    }

    /// Opens the content, decompressed if it is gzip, for reading at any position.
    ///
    /// # Errors
    /// A file that cannot be read or decompressed.
    pub(crate) fn content(&self, path: &Path) -> Result<Store> {
        let raw = self.raw(path)?;
        let mut start = [0; GZIP.len()];
        match raw.fill_at(0, &mut start).is_ok() && start == GZIP {
            true => Store::keep(self.open(path)?.0).map_err(|source| read_error(path, source)),
            false => Ok(raw),
        }
    }

    /// SHA-256 of the file as stored, in hexadecimal.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn sha256(&self, path: &Path) -> Result<String> {
        self.raw(path)?.sha256().map_err(|source| unreadable(path, source))
    }

    /// First `count` bytes of the content, or fewer if the content ends before.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn start(&self, path: &Path, count: usize) -> Result<Vec<u8>> {
        let mut start = Vec::new();
        let read = self.open(path)?.0.take(count as u64).read_to_end(&mut start);
        read.map_err(|source| read_error(path, source))?;
        Ok(start)
    }
}

/// Error for a file that cannot be read, or for a directory.
pub(super) fn unreadable(path: &Path, source: io::Error) -> Error {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::IsADirectory => Error::Format(FormatError::Directory { path }),
        _ => Error::Io { path, source },
    }
}

/// Error of a read, among them the excessive growth of compressed bytes.
pub(super) fn read_error(path: &Path, source: io::Error) -> Error {
    match source.get_ref().and_then(|inner| inner.downcast_ref::<Growth>()) {
        Some(growth) => Error::Format(FormatError::Inflated {
            path: path.to_owned(),
            packed: growth.packed >> 20,
            expanded: growth.expanded >> 20,
        }),
        None => unreadable(path, source),
    }
}

/// A reader that hashes and counts its bytes.
struct Hashing<R> {
    input: R,
    hash: Hash,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.hash.0.borrow_mut().update(&buffer[..read]);
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}

/// A decompressing reader that stops at excessive growth.
struct Expanding<R> {
    input: R,
    packed: Rc<Cell<u64>>,
    expanded: u64,
    /// Size below which any growth is accepted \[bytes\].
    harmless: u64,
}

/// Bytes read, and bytes after decompression.
#[derive(Debug, thiserror::Error)]
#[error("{expanded} bytes come out of {packed} bytes of gzip")]
struct Growth {
    packed: u64,
    expanded: u64,
}

impl<R: Read> Read for Expanding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.expanded += read as u64;
        let packed = self.packed.get();
        if self.expanded > self.harmless && self.expanded / packed.max(1) > MOST_GROWTH {
            return Err(io::Error::other(Growth {
                packed,
                expanded: self.expanded,
            }));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(mut content: impl Read) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        io::copy(&mut content, &mut encoder).unwrap();
        encoder.flush().unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_is_decompressed_and_hashed_as_it_stands() {
        let bytes = packed(&b"object,flux\n"[..]);
        let kept = Bytes::Kept(Store::keep(&bytes[..]).unwrap());
        let (mut input, hash) = kept.open(Path::new("t.gz")).unwrap();
        let mut text = String::new();
        input.read_to_string(&mut text).unwrap();
        assert_eq!(text, "object,flux\n");
        assert_eq!(hash.hexadecimal(), crate::table::hexadecimal(&bytes));
        assert_eq!(kept.sha256(Path::new("t.gz")).unwrap(), hash.hexadecimal());
        assert_eq!(kept.content(Path::new("t.gz")).unwrap().len(), 12);
    }

    #[test]
    fn compressed_bytes_do_not_grow_without_end() {
        let grow = |content: &mut dyn Read| {
            let packed = packed(content);
            let mut expanding = Expanding {
                packed: Rc::new(Cell::new(packed.len() as u64)),
                input: MultiGzDecoder::new(&packed[..]),
                expanded: 0,
                harmless: 1 << 20,
            };
            io::copy(&mut expanding, &mut io::sink())
                .map_err(|source| read_error(Path::new("b.gz"), source).to_string())
        };
        let said = grow(&mut io::repeat(0).take(1 << 22)).unwrap_err();
        assert!(said.starts_with("b.gz: 1 MB come out of 0 MB of gzip"), "{said}");
        assert_eq!(grow(&mut io::repeat(0).take(1 << 20)), Ok(1 << 20));
        let rows: String = (0..200_000_u64).map(|row| format!("{row},{}\n", row * row)).collect();
        assert_eq!(grow(&mut rows.as_bytes()), Ok(rows.len() as u64));
    }
}
