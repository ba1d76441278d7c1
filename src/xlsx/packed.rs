//! Data a workbook carries in cells: deflated, as letters and digits, in pieces a cell can hold.

use libdeflater::{CompressionLvl, Compressor, Decompressor};

/// Excel's cells hold 32,767 characters.
const PIECE: usize = 30_000;
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Most of what people fill in is below a hundredth of this.
const LARGEST: usize = 16 << 20;

/// Packs data into texts of cells.
pub fn pack(data: &[u8]) -> Vec<String> {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut deflated = vec![0; compressor.deflate_compress_bound(data.len())];
    let size = compressor.deflate_compress(data, &mut deflated).unwrap_or_default();
    let mut bytes = (data.len() as u32).to_le_bytes().to_vec();
    bytes.extend_from_slice(&deflated[..size]);
    let text = encode(&bytes);
    text.as_bytes().chunks(PIECE).map(|piece| String::from_utf8_lossy(piece).into_owned()).collect()
}

/// What was packed; `None` where it is none of ours, is cut off, or claims to be larger than anything we carry.
pub fn unpack(text: &str) -> Option<Vec<u8>> {
    let bytes = decode(text)?;
    let (size, deflated) = bytes.split_first_chunk::<4>()?;
    let size = u32::from_le_bytes(*size) as usize;
    if size > LARGEST {
        return None;
    }
    let mut data = vec![0; size];
    let found = Decompressor::new().deflate_decompress(deflated, &mut data).ok()?;
    (found == size).then_some(data)
}

/// Base64, as mail and cells carry bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|at| u32::from(chunk.get(at).copied().unwrap_or(0)));
        let group = a << 16 | b << 8 | c;
        let mut letters = [18, 12, 6, 0].map(|shift| LETTERS[(group >> shift & 63) as usize]);
        letters[chunk.len() + 1..].fill(b'=');
        text.extend_from_slice(&letters);
    }
    String::from_utf8(text).unwrap_or_default()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut bits) = (0u32, 0);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        group = group << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((group >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_what_is_not_ours_does_not() {
        for size in [0, 1, 2, 3, 100, 200_000] {
            let data: Vec<u8> = (0..size).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
            let pieces = pack(&data);
            assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
            assert_eq!(unpack(&pieces.concat()), Some(data));
        }
        for (text, bytes) in [("TWFu", "Man"), ("TWE=", "Ma"), ("TQ==", "M")] {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        let cut = pack(&[7; 5_000]).concat();
        assert_eq!(unpack(&cut[..cut.len() / 2]), None);
        assert_eq!(unpack("不是"), None);
        let mut bomb = u32::MAX.to_le_bytes().to_vec();
        bomb.extend([0; 9]);
        assert_eq!(unpack(&encode(&bomb)), None);
    }
}
