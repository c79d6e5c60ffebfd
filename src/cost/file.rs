//! A tensor as a file, to be read or mapped into memory.
//!
//! Layout: the magic `RFCOST02`; the length of the header (u32); the header as JSON, padded with
//! spaces until what follows starts at a multiple of 8; the blocks it lists, each u16 or u32 and
//! padded to a multiple of 8; the SHA-256 of all before it. Integers are little-endian. Layers that
//! profiles share are one block.

use super::cells::{Block, Cells};
use super::error::CostError;
use super::tensor::{CostTensor, Profile, SliceAxis};
use crate::domain::InputError;
use crate::runtime::{MappedFile, atomic_file};
use bytemuck::Pod;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"RFCOST02";
const HASH_BYTES: usize = 32;
const ALIGNMENT: usize = 8;

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    origin: DateTime<Utc>,
    time_zone: Tz,
    slice_s: u32,
    slices: usize,
    places: usize,
    profiles: Vec<ProfileEntry>,
    blocks: Vec<BlockEntry>,
    leg_correlation: f64,
    fifo_repairs: u64,
}

/// A profile with the positions of its blocks.
#[derive(Debug, Serialize, Deserialize)]
struct ProfileEntry {
    name: String,
    mean_s: usize,
    p90_s: usize,
    distance_m: usize,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct BlockEntry {
    /// Bytes of a number: 2 or 4.
    width: usize,
    /// Numbers.
    len: usize,
}

impl BlockEntry {
    fn bytes(self) -> Option<usize> {
        self.len.checked_mul(self.width)
    }

    fn padded(self) -> Option<usize> {
        self.bytes()?.checked_next_multiple_of(ALIGNMENT)
    }
}

/// A block to write.
#[derive(Clone, Copy)]
enum Content<'a> {
    Cells(&'a Cells),
    Metres(&'a Arc<Vec<u32>>),
}

impl Content<'_> {
    fn entry(self) -> BlockEntry {
        match self {
            Self::Cells(cells) => BlockEntry {
                width: cells.width(),
                len: cells.len(),
            },
            Self::Metres(metres) => BlockEntry {
                width: 4,
                len: metres.len(),
            },
        }
    }

    fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Cells(a), Self::Cells(b)) => a.is_shared_with(b),
            (Self::Metres(a), Self::Metres(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    fn put(self, put: &mut impl FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
        match self {
            Self::Cells(Cells::Short(cells)) => put_all(cells.as_slice(), u16::to_le_bytes, put),
            Self::Cells(Cells::Long(cells)) => put_all(cells.as_slice(), u32::to_le_bytes, put),
            Self::Metres(metres) => put_all(metres, u32::to_le_bytes, put),
        }
    }
}

/// Puts numbers little-endian: as they lie in memory where that is the order anyway.
fn put_all<T: Pod, const N: usize>(
    numbers: &[T],
    bytes: impl Fn(T) -> [u8; N],
    put: &mut impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    if cfg!(target_endian = "little") {
        return put(bytemuck::cast_slice(numbers));
    }
    for block in numbers.chunks(16_384) {
        let block: Vec<u8> = block.iter().flat_map(|v| bytes(*v)).collect();
        put(&block)?;
    }
    Ok(())
}

/// Writes a tensor, aside and then renamed, and gives the file's SHA-256 in hexadecimal.
pub fn write(path: &Path, tensor: &CostTensor) -> Result<String, CostError> {
    let mut whole = String::new();
    atomic_file::write_with(path, |file| -> std::io::Result<()> {
        whole = encode(tensor, |bytes| file.write_all(bytes))?;
        Ok(())
    })
    .map_err(|source| CostError::Io {
        path: path.display().to_string(),
        source,
    })?;
    Ok(whole)
}

/// The SHA-256 that [`write`] gives for a tensor, without a file.
pub fn digest(tensor: &CostTensor) -> Result<String, CostError> {
    encode(tensor, |_| Ok(())).map_err(|source| CostError::Io {
        path: "cost tensor".to_owned(),
        source,
    })
}

/// Puts the bytes of a tensor's file, piece by piece, and gives their SHA-256 in hexadecimal.
fn encode(
    tensor: &CostTensor,
    mut put: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<String> {
    let axis = tensor.axis();
    let mut blocks = Blocks(Vec::new());
    let profiles = tensor.profiles().iter().map(|p| blocks.entry(p)).collect();
    let Blocks(blocks) = blocks;
    let header = Header {
        origin: axis.origin,
        time_zone: axis.time_zone,
        slice_s: axis.slice_s,
        slices: axis.slices,
        places: tensor.places(),
        profiles,
        blocks: blocks.iter().map(|b| b.entry()).collect(),
        leg_correlation: tensor.leg_correlation(),
        fifo_repairs: tensor.fifo_repairs(),
    };
    let mut header = serde_json::to_vec(&header)?;
    let before = MAGIC.len() + 4;
    header.resize(
        (before + header.len()).next_multiple_of(ALIGNMENT) - before,
        b' ',
    );
    let mut content = Sha256::new();
    let mut put_content = |bytes: &[u8]| {
        content.update(bytes);
        put(bytes)
    };
    put_content(MAGIC)?;
    put_content(&(header.len() as u32).to_le_bytes())?;
    put_content(&header)?;
    for block in &blocks {
        block.put(&mut put_content)?;
        let bytes = block.entry().bytes().unwrap_or(0);
        put_content(&[0; ALIGNMENT][..bytes.next_multiple_of(ALIGNMENT) - bytes])?;
    }
    // The whole is the content and its own hash: what was hashed once goes on.
    let mut whole = content.clone();
    let hash = content.finalize();
    put(&hash)?;
    whole.update(hash);
    Ok(hexadecimal(&whole.finalize()))
}

/// Blocks to write, each once.
struct Blocks<'a>(Vec<Content<'a>>);

impl<'a> Blocks<'a> {
    fn position(&mut self, content: Content<'a>) -> usize {
        let known = self.0.iter().position(|b| b.is(content));
        known.unwrap_or_else(|| {
            self.0.push(content);
            self.0.len() - 1
        })
    }

    fn entry(&mut self, profile: &'a Profile) -> ProfileEntry {
        ProfileEntry {
            name: profile.name.clone(),
            mean_s: self.position(Content::Cells(&profile.mean_s)),
            p90_s: self.position(Content::Cells(&profile.p90_s)),
            distance_m: self.position(Content::Metres(&profile.distance_m)),
        }
    }
}

/// Reads a tensor into memory.
///
/// # Errors
/// Another kind of file, one that is cut short, longer than it says, or altered.
pub fn read(path: &Path) -> Result<CostTensor, CostError> {
    let bytes = load(path)?;
    Opened::of(path, &bytes)?.tensor(|width, range| {
        let bytes = bytes.get(range)?;
        Some(match width {
            2 => Cells::Short(numbers(bytes, u16::from_le_bytes).into()),
            _ => Cells::Long(numbers(bytes, u32::from_le_bytes).into()),
        })
    })
}

/// Maps a tensor into memory: nothing is copied, and processes that map the same file share it. The
/// whole file is read once, for its checksum.
///
/// # Errors
/// As [`read`].
pub fn map(path: &Path) -> Result<CostTensor, CostError> {
    if !cfg!(target_endian = "little") {
        return read(path);
    }
    let file = MappedFile::open(path).map_err(|e| unreadable(path, &e))?;
    let file = Arc::new(file);
    Opened::of(path, &file)?.tensor(|width, range| {
        Some(match width {
            2 => Cells::Short(Block::mapped(&file, range)?),
            _ => Cells::Long(Block::mapped(&file, range)?),
        })
    })
}

/// SHA-256 of a file in hexadecimal.
pub fn sha256(path: &Path) -> Result<String, CostError> {
    Ok(hexadecimal(&Sha256::digest(load(path)?)))
}

fn load(path: &Path) -> Result<Vec<u8>, CostError> {
    std::fs::read(path).map_err(|e| unreadable(path, &e))
}

fn unreadable(path: &Path, error: &std::io::Error) -> CostError {
    let source = path.display().to_string();
    InputError::new(source, error.to_string(), "give a readable cost tensor").into()
}

fn refused(path: &Path, problem: &str) -> CostError {
    let remedy = "build the costs again: routeforce plan writes them beside the plan";
    InputError::new(path.display().to_string(), problem, remedy).into()
}

/// Little-endian numbers.
fn numbers<T, const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (whole, _) = bytes.as_chunks::<N>();
    whole.iter().map(|b| number(*b)).collect()
}

/// A file whose checksum fits.
struct Opened<'a> {
    path: &'a Path,
    header: Header,
    /// Bytes of each block in the file.
    ranges: Vec<Range<usize>>,
}

impl<'a> Opened<'a> {
    fn of(path: &'a Path, bytes: &[u8]) -> Result<Self, CostError> {
        let refused = |problem: &str| refused(path, problem);
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| refused("not a cost tensor of this version (other first bytes)"))?;
        let cut = || refused("cut short");
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        let length = u32::from_le_bytes(*length) as usize;
        let header = rest.get(..length).ok_or_else(cut)?;
        let header: Header =
            serde_json::from_slice(header).map_err(|e| refused(&format!("header altered: {e}")))?;
        let mut end = MAGIC.len() + 4 + length;
        let mut ranges = Vec::with_capacity(header.blocks.len());
        for block in &header.blocks {
            let sizes = block.bytes().zip(block.padded());
            let next = sizes
                .and_then(|(own, padded)| Some((end.checked_add(own)?, end.checked_add(padded)?)));
            let (own, padded) = next.ok_or_else(|| refused("header altered: absurd sizes"))?;
            ranges.push(end..own);
            end = padded;
        }
        if end.checked_add(HASH_BYTES) != Some(bytes.len()) {
            let problem = format!(
                "{} bytes, not {end} and a checksum: cut short or altered",
                bytes.len()
            );
            return Err(refused(&problem));
        }
        let (content, hash) = bytes.split_at(end);
        if Sha256::digest(content)[..] != *hash {
            return Err(refused("altered: its checksum does not fit its content"));
        }
        Ok(Self {
            path,
            header,
            ranges,
        })
    }

    /// The tensor, with each block as `cells(width, bytes)` gives it.
    fn tensor(
        self,
        cells: impl Fn(usize, Range<usize>) -> Option<Cells>,
    ) -> Result<CostTensor, CostError> {
        let refused = |problem: &str| refused(self.path, problem);
        let header = &self.header;
        let with_width = header.blocks.iter().zip(&self.ranges);
        let blocks: Option<Vec<Cells>> = with_width
            .map(|(block, range)| match block.width {
                2 | 4 => cells(block.width, range.clone()),
                _ => None,
            })
            .collect();
        let blocks = blocks.ok_or_else(|| refused("header altered: blocks of another width"))?;
        let pairs = header.places.checked_mul(header.places);
        let timed = pairs.and_then(|p| p.checked_mul(header.slices));
        let block = |at: usize, cells: Option<usize>| {
            let found = blocks.get(at).filter(|b| Some(b.len()) == cells);
            found
                .cloned()
                .ok_or_else(|| refused("header altered: blocks do not fit the places"))
        };
        let mut metres: Vec<Arc<Vec<u32>>> = vec![Arc::default(); blocks.len()];
        let mut profiles = Vec::with_capacity(header.profiles.len());
        for entry in &header.profiles {
            let distance = block(entry.distance_m, pairs)?;
            if let Some(kept) = metres.get_mut(entry.distance_m).filter(|m| m.is_empty()) {
                *kept = Arc::new(distance.all().to_vec());
            }
            let profile = Profile {
                name: entry.name.clone(),
                mean_s: block(entry.mean_s, timed)?,
                p90_s: block(entry.p90_s, timed)?,
                distance_m: metres.get(entry.distance_m).cloned().unwrap_or_default(),
            };
            if !profile.is_sound(header.slices, header.slice_s) {
                return Err(refused("durations that break FIFO, or p90 below the mean"));
            }
            profiles.push(profile);
        }
        let axis = SliceAxis {
            origin: header.origin,
            time_zone: header.time_zone,
            slice_s: header.slice_s,
            slices: header.slices,
        };
        let correlation = header.leg_correlation;
        let tensor = CostTensor::of_profiles(axis, header.places, profiles, correlation)?;
        Ok(tensor.with_fifo_repairs(header.fifo_repairs))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
