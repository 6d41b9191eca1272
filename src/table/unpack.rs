//! Gzipped catalogues, unpacked within a limit.

use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::source::unreadable;
use super::store::Store;
use crate::error::{Error, Result};

/// First bytes of gzip (RFC 1952, section 2.3.1).
pub(crate) const GZIP: &[u8] = &[0x1f, 0x8b];
/// Bytes that a packed file may always unpack to.
const FREE: u64 = 1 << 30;
/// Beyond these, how many times as long as the packed file the unpacked may be.
const RATIO: u64 = 1000;

/// A stream that ends in an error where more than `left` bytes come.
struct Limited<R> {
    stream: R,
    left: u64,
    beyond: bool,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(bytes)?;
        let within = self.left.checked_sub(read as u64);
        self.beyond |= within.is_none();
        self.left = within.ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

/// Unpacks the gzipped bytes of the file `path`.
///
/// # Errors
/// Bytes that are no gzip or are cut short; more than 1 GiB and 1000 times as long as the file.
pub(crate) fn unpack(path: &Path, packed: &Store) -> Result<Store> {
    let most = packed.len().saturating_mul(RATIO).max(FREE);
    unpack_within(path, packed, most)
}

fn unpack_within(path: &Path, packed: &Store, most: u64) -> Result<Store> {
    let mut stream = Limited {
        stream: MultiGzDecoder::new(BufReader::new(packed.reader(0))),
        left: most,
        beyond: false,
    };
    match Store::keep(&mut stream) {
        Err(_) if stream.beyond => Err(Error::Unpacked {
            path: path.to_owned(),
            most,
        }),
        kept => kept.map_err(|source| unreadable(path, source)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn members_of_a_gzip_follow_each_other() {
        let both = [packed(b"object,"), packed(b"line")].concat();
        let store = unpack(Path::new("c.csv.gz"), &Store::keep(&both[..]).unwrap()).unwrap();
        let mut text = String::new();
        store.reader(0).read_to_string(&mut text).unwrap();
        assert_eq!(text, "object,line");
    }

    #[test]
    fn a_gzip_beyond_its_limit_or_cut_short_is_refused() {
        let path = Path::new("c.csv.gz");
        let bytes = packed(&[0; 10_000]);
        let whole = Store::keep(&bytes[..]).unwrap();
        let error = unpack_within(path, &whole, 9_999).unwrap_err().to_string();
        assert!(error.contains("9999 bytes"), "{error}");
        assert_eq!(unpack_within(path, &whole, 10_000).unwrap().len(), 10_000);
        let cut = Store::keep(&bytes[..bytes.len() - 4]).unwrap();
        assert!(matches!(unpack(path, &cut), Err(Error::Io { .. })));
    }
}
