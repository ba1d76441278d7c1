//! What crosses the pipe between the program and its workers: messages of a few
//! pieces of bytes, their lengths said first. Knows nothing of what is in them.

use std::io::{self, Read, Write};

/// What every message begins with; another number when its meaning changes.
const MARK: [u8; 4] = *b"FP01";
/// Most pieces of one message.
const PIECES: u32 = 512;
/// Most bytes of one message, whoever sends it: a large workbook several times over.
pub const MOST: u64 = 384 << 20;

/// Sends a message.
///
/// # Errors
/// When the other end has gone away, or the message is too large.
pub fn send(to: &mut impl Write, pieces: &[&[u8]]) -> io::Result<()> {
    let total: u64 = pieces.iter().map(|piece| piece.len() as u64).sum();
    if total > MOST || pieces.len() as u64 > u64::from(PIECES) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the message is too large"));
    }
    to.write_all(&MARK)?;
    to.write_all(&(pieces.len() as u32).to_le_bytes())?;
    for piece in pieces {
        to.write_all(&(piece.len() as u64).to_le_bytes())?;
    }
    for piece in pieces {
        to.write_all(piece)?;
    }
    to.flush()
}

/// Receives a message; `None` where the other end has said all it had to say.
///
/// Nothing is taken from the announced lengths but an upper bound, so that a
/// lie costs no memory.
///
/// # Errors
/// When the other end breaks off, or what comes is no message.
pub fn receive(from: &mut impl Read) -> io::Result<Option<Vec<Vec<u8>>>> {
    let mut mark = [0; 4];
    let mut read = 0;
    while read < mark.len() {
        match from.read(&mut mark[read..]) {
            Ok(0) if read == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let garbage = |what| Err(io::Error::new(io::ErrorKind::InvalidData, what));
    if mark != MARK {
        return garbage("no message");
    }
    let mut count = [0; 4];
    from.read_exact(&mut count)?;
    let count = u32::from_le_bytes(count);
    if count > PIECES {
        return garbage("too many pieces");
    }
    let mut lengths = Vec::new();
    let mut total = 0u64;
    for _ in 0..count {
        let mut length = [0; 8];
        from.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        total = total.saturating_add(length);
        lengths.push(length);
    }
    if total > MOST {
        return garbage("longer than anything a worker may say");
    }
    let mut pieces = Vec::new();
    for length in lengths {
        let mut piece = Vec::with_capacity(length.min(1 << 20) as usize);
        from.by_ref().take(length).read_to_end(&mut piece)?;
        if piece.len() as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        pieces.push(piece);
    }
    Ok(Some(pieces))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn message(pieces: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        send(&mut bytes, pieces).unwrap();
        bytes
    }

    #[test]
    fn what_is_sent_is_received() {
        for pieces in [vec![], vec![&b""[..]], vec![&b"one"[..], b"", b"three"]] {
            let bytes = message(&pieces);
            assert_eq!(receive(&mut &bytes[..]).unwrap().unwrap(), pieces);
        }
        assert_eq!(receive(&mut &b""[..]).unwrap(), None);
    }

    #[test]
    fn a_message_cut_anywhere_is_an_error() {
        let bytes = message(&[b"one", b"two"]);
        for end in 1..bytes.len() {
            assert!(receive(&mut &bytes[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn garbage_and_endless_claims_are_errors() {
        assert!(receive(&mut &b"garbage, more garbage"[..]).is_err());
        let mut long = message(&[b"x"]);
        long[8..16].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(receive(&mut &long[..]).is_err());
        let mut many = message(&[b"x"]);
        many[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(receive(&mut &many[..]).is_err());
    }
}
