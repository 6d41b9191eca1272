//! Headers of numpy's `.npy` files, version 1.0 (numpy.lib.format): little-endian, C order, no
//! pickle.

/// Unit of the header's length \[bytes\].
const ALIGNMENT: usize = 64;
/// Bytes of magic string, version and length.
const PREFIX: usize = 10;
/// Bytes of a character in numpy's unicode strings: UTF-32.
const CHARACTER: usize = 4;

/// Header of an array of `dtype` (`<f4`, `|b1`, …) and `shape`.
pub(super) fn header(dtype: &str, shape: &[usize]) -> Vec<u8> {
    let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let mut text = format!(
        "{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({}), }}",
        sizes.trim_end()
    );
    let whole = (PREFIX + text.len() + 1).next_multiple_of(ALIGNMENT);
    text.extend(std::iter::repeat_n(' ', whole - PREFIX - text.len() - 1));
    text.push('\n');
    let length = u16::try_from(text.len()).expect("a header of few dimensions is short");
    [b"\x93NUMPY\x01\x00".as_slice(), &length.to_le_bytes(), text.as_bytes()].concat()
}

/// File of a one-dimensional array of strings, and its dtype.
pub(super) fn strings(texts: &[&str]) -> (Vec<u8>, String) {
    let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or(0).max(1);
    let dtype = format!("<U{width}");
    let mut bytes = header(&dtype, &[texts.len()]);
    for text in texts {
        let end = bytes.len() + CHARACTER * width;
        bytes.extend(text.chars().flat_map(|c| u32::from(c).to_le_bytes()));
        bytes.resize(end, 0);
    }
    (bytes, dtype)
}

#[cfg(test)]
mod tests {
    use super::*;
    use npyz::{NpyFile, TypeStr};

    #[test]
    fn headers_are_read_by_another_reader() {
        for shape in [vec![3], vec![2, 4, 1000, 17], vec![1_000_000, 4, 1000, 17]] {
            let bytes = header("<f4", &shape);
            assert_eq!(bytes.len() % ALIGNMENT, 0);
            let read = NpyFile::new(bytes.as_slice()).unwrap();
            let expected: Vec<u64> = shape.iter().map(|&size| size as u64).collect();
            assert_eq!((read.shape(), read.order()), (expected.as_slice(), npyz::Order::C));
            assert_eq!(read.dtype(), npyz::DType::Plain("<f4".parse::<TypeStr>().unwrap()));
        }
    }

    #[test]
    fn strings_are_padded_utf_32() {
        let (bytes, dtype) = strings(&["a", "Ηβ1"]);
        assert_eq!(dtype, "<U3");
        let read: Vec<String> = NpyFile::new(bytes.as_slice()).unwrap().into_vec().unwrap();
        assert_eq!(read, ["a", "Ηβ1"]);
    }
}
