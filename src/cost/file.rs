//! A tensor as a file.
//!
//! Layout: the magic `RFCOST01`; the length of the header (u32); the header as JSON; per profile
//! `mean_s`, `p90_s` (`[from][to][slice]`) and `distance_m` (`[from][to]`) as u32; the SHA-256 of
//! all before it. Integers are little-endian.

use super::error::CostError;
use super::tensor::{CostTensor, ProfileCosts, SliceAxis};
use crate::domain::InputError;
use crate::runtime::atomic_file;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;

const MAGIC: &[u8; 8] = b"RFCOST01";
const HASH_BYTES: usize = 32;

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    origin: DateTime<Utc>,
    time_zone: Tz,
    slice_s: u32,
    slices: usize,
    places: usize,
    profiles: Vec<String>,
    leg_correlation: f64,
    fifo_repairs: u64,
}

/// Writes a tensor, aside and then renamed, and gives the file's SHA-256 in hexadecimal.
pub fn write(path: &Path, tensor: &CostTensor) -> Result<String, CostError> {
    let mut whole = Sha256::new();
    atomic_file::write_with(path, |file| -> std::io::Result<()> {
        encode(tensor, |bytes| {
            whole.update(bytes);
            file.write_all(bytes)
        })
    })
    .map_err(|source| CostError::Io {
        path: path.display().to_string(),
        source,
    })?;
    Ok(hexadecimal(&whole.finalize()))
}

/// The SHA-256 that [`write`] gives for a tensor, without a file.
pub fn digest(tensor: &CostTensor) -> Result<String, CostError> {
    let mut whole = Sha256::new();
    encode(tensor, |bytes| {
        whole.update(bytes);
        Ok(())
    })
    .map_err(|source| CostError::Io {
        path: "cost tensor".to_owned(),
        source,
    })?;
    Ok(hexadecimal(&whole.finalize()))
}

/// Puts the bytes of a tensor's file, piece by piece.
fn encode(
    tensor: &CostTensor,
    mut put: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let axis = tensor.axis();
    let header = Header {
        origin: axis.origin,
        time_zone: axis.time_zone,
        slice_s: axis.slice_s,
        slices: axis.slices,
        places: tensor.places(),
        profiles: tensor.profiles().iter().map(|p| p.name.clone()).collect(),
        leg_correlation: tensor.leg_correlation(),
        fifo_repairs: tensor.fifo_repairs(),
    };
    let header = serde_json::to_vec(&header)?;
    let mut content = Sha256::new();
    let mut put_content = |bytes: &[u8]| {
        content.update(bytes);
        put(bytes)
    };
    put_content(MAGIC)?;
    put_content(&(header.len() as u32).to_le_bytes())?;
    put_content(&header)?;
    for profile in tensor.profiles() {
        for cells in [&profile.mean_s, &profile.p90_s, &profile.distance_m] {
            for block in cells.chunks(16_384) {
                let bytes: Vec<u8> = block.iter().flat_map(|v| v.to_le_bytes()).collect();
                put_content(&bytes)?;
            }
        }
    }
    let hash = content.finalize();
    put(&hash)
}

/// Reads a tensor.
///
/// # Errors
/// Another kind of file, one that is cut short, longer than it says, or altered.
pub fn read(path: &Path) -> Result<CostTensor, CostError> {
    let bytes = load(path)?;
    let refused = |problem: &str| {
        let remedy = "build the costs again: routeforce plan writes them beside the plan";
        CostError::from(InputError::new(path.display().to_string(), problem, remedy))
    };
    let rest = bytes
        .strip_prefix(MAGIC)
        .ok_or_else(|| refused("not a cost tensor (other first bytes)"))?;
    let cut = || refused("cut short");
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (header, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    let header: Header =
        serde_json::from_slice(header).map_err(|e| refused(&format!("header altered: {e}")))?;
    let mut parts = Parts::of(&header).ok_or_else(|| refused("header altered: absurd sizes"))?;
    let expected = parts.bytes.checked_add(HASH_BYTES).ok_or_else(cut)?;
    if rest.len() != expected {
        return Err(refused(&format!(
            "{} bytes of cells and checksum, not {expected}: cut short or altered",
            rest.len()
        )));
    }
    let (content, hash) = bytes.split_at(bytes.len() - HASH_BYTES);
    if Sha256::digest(content)[..] != *hash {
        return Err(refused("altered: its checksum does not fit its content"));
    }
    parts.cells = rest
        .chunks_exact(4)
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .take(parts.bytes / 4)
        .collect();
    let profiles = parts.profiles(&header.profiles);
    let axis = SliceAxis {
        origin: header.origin,
        time_zone: header.time_zone,
        slice_s: header.slice_s,
        slices: header.slices,
    };
    let tensor = CostTensor::new(axis, header.places, profiles, header.leg_correlation)?;
    Ok(tensor.with_fifo_repairs(header.fifo_repairs))
}

/// SHA-256 of a file in hexadecimal.
pub fn sha256(path: &Path) -> Result<String, CostError> {
    Ok(hexadecimal(&Sha256::digest(load(path)?)))
}

fn load(path: &Path) -> Result<Vec<u8>, CostError> {
    std::fs::read(path).map_err(|e| {
        let source = path.display().to_string();
        InputError::new(source, e.to_string(), "give a readable cost tensor").into()
    })
}

/// The arrays of a file.
struct Parts {
    timed: usize,
    pairs: usize,
    bytes: usize,
    cells: Vec<u32>,
}

impl Parts {
    /// Sizes by the header; `None` if they overflow.
    fn of(header: &Header) -> Option<Self> {
        let pairs = header.places.checked_mul(header.places)?;
        let timed = pairs.checked_mul(header.slices)?;
        let profile = timed.checked_mul(2)?.checked_add(pairs)?;
        let bytes = profile.checked_mul(header.profiles.len())?.checked_mul(4)?;
        Some(Self {
            timed,
            pairs,
            bytes,
            cells: Vec::new(),
        })
    }

    fn profiles(&self, names: &[String]) -> Vec<ProfileCosts> {
        let mut rest = self.cells.as_slice();
        let mut take = |count: usize| {
            let (part, more) = rest.split_at(count.min(rest.len()));
            rest = more;
            part.to_vec()
        };
        names
            .iter()
            .map(|name| ProfileCosts {
                name: name.clone(),
                mean_s: take(self.timed),
                p90_s: take(self.timed),
                distance_m: take(self.pairs),
            })
            .collect()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
