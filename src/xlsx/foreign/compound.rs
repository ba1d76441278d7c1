//! The streams of a compound file, as much as it takes to look at one and to
//! mend a copy where readers disagree with Excel.

/// A stream: its bytes, and where in the file each piece of them stands.
pub(super) struct Stream {
    pub(super) bytes: Vec<u8>,
    /// Places of the pieces in the file, each `piece` bytes long.
    places: Vec<usize>,
    piece: usize,
}

impl Stream {
    /// Where in the file a byte of the stream stands.
    pub(super) fn place(&self, at: usize) -> Option<usize> {
        self.places.get(at / self.piece).map(|place| place + at % self.piece)
    }
}

/// One entry of the directory.
struct Entry {
    name: String,
    /// Where in the file its record stands.
    place: usize,
    kind: u8,
    start: u32,
    size: usize,
}

/// A compound file.
pub(super) struct Compound<'a> {
    file: &'a [u8],
    sector: usize,
    chains: Vec<u32>,
    entries: Vec<Entry>,
}

const FREE: u32 = 0xffff_fffa;
/// Length of a directory record.
const RECORD: usize = 128;
/// Streams shorter than this stand in the pieces of another one.
const SHORT: usize = 4096;
const SHORT_PIECE: usize = 64;
const ROOT: u8 = 5;
const STREAM: u8 = 2;

impl<'a> Compound<'a> {
    /// Opens a file; `None` where its directory cannot be followed.
    pub(super) fn open(file: &'a [u8]) -> Option<Compound<'a>> {
        let sector = 1usize << u32::from(*file.get(30)?).clamp(7, 16);
        let mut compound = Compound { file, sector, chains: Vec::new(), entries: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|n| number(file, 76 + 4 * n)).collect();
        // More tables are listed in sectors of their own, each pointing to the next.
        let (mut more, mut left) = (number(file, 68)?, file.len() / sector + 1);
        while more < FREE && left > 0 {
            let at = compound.place_of(more);
            let listed = sector / 4 - 1;
            tables.extend((0..listed).filter_map(|n| number(file, at + 4 * n)));
            more = number(file, at + 4 * listed)?;
            left -= 1;
        }
        for table in tables.into_iter().filter(|table| *table < FREE) {
            let at = compound.place_of(table);
            compound.chains.extend((0..sector / 4).filter_map(|n| number(file, at + 4 * n)));
        }
        for sector_place in compound.sectors(number(file, 48)?) {
            for place in (sector_place..sector_place + sector).step_by(RECORD) {
                compound.entries.extend(Entry::read(file, place));
            }
        }
        Some(compound)
    }

    /// A stream by its name, whatever its case, with the name as written and where its record stands.
    pub(super) fn stream(&self, name: &str) -> Option<(Stream, &str, usize)> {
        let entry = self.entries.iter().find(|entry| entry.is(STREAM, name))?;
        Some((self.bytes_of(entry)?, &entry.name, entry.place))
    }

    fn bytes_of(&self, entry: &Entry) -> Option<Stream> {
        let (places, piece) = if entry.size >= SHORT {
            (self.sectors(entry.start), self.sector)
        } else {
            (self.short_pieces(entry.start)?, SHORT_PIECE)
        };
        let mut bytes = Vec::new();
        for place in &places {
            bytes.extend_from_slice(self.file.get(*place..(place + piece).min(self.file.len()))?);
        }
        bytes.truncate(entry.size);
        Some(Stream { bytes, places, piece })
    }

    /// Places of the pieces of a short stream, inside the stream of the root.
    fn short_pieces(&self, start: u32) -> Option<Vec<usize>> {
        let root = self.entries.iter().find(|entry| entry.kind == ROOT)?;
        let home = self.sectors(root.start);
        let mut chain = Vec::new();
        for place in self.sectors(number(self.file, 60)?) {
            chain.extend((0..self.sector / 4).filter_map(|n| number(self.file, place + 4 * n)));
        }
        let pieces = follow(start, &chain).into_iter().filter_map(|piece| {
            let at = piece as usize * SHORT_PIECE;
            home.get(at / self.sector).map(|place| place + at % self.sector)
        });
        Some(pieces.collect())
    }

    fn sectors(&self, start: u32) -> Vec<usize> {
        follow(start, &self.chains).into_iter().map(|sector| self.place_of(sector)).collect()
    }

    fn place_of(&self, sector: u32) -> usize {
        (sector as usize).saturating_add(1).saturating_mul(self.sector)
    }
}

impl Entry {
    fn read(file: &[u8], place: usize) -> Option<Entry> {
        let record = file.get(place..place + RECORD)?;
        let length = usize::from(u16::from_le_bytes([record[64], record[65]])).clamp(2, 64);
        let units: Vec<u16> =
            record[..length - 2].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        Some(Entry {
            name: String::from_utf16_lossy(&units),
            place,
            kind: record[66],
            start: number(record, 116)?,
            size: number(record, 120)? as usize,
        })
    }

    /// Names in compound files differ by more than case or not at all.
    fn is(&self, kind: u8, name: &str) -> bool {
        self.kind == kind && self.name.eq_ignore_ascii_case(name)
    }
}

/// The links of a chain, no more than there can be.
fn follow(start: u32, chain: &[u32]) -> Vec<u32> {
    let mut links = Vec::new();
    let mut at = start;
    while at < FREE && links.len() <= chain.len() {
        links.push(at);
        let Some(next) = chain.get(at as usize) else { break };
        at = *next;
    }
    links
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([found[0], found[1], found[2], found[3]]))
}
