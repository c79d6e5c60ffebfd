//! A network in a file: a header in JSON, and arrays that are mapped into memory.
//!
//! `RFROADS` and the version in eight bytes; length of the header in eight; the header; then the
//! arrays in its order, little endian, each beginning at a multiple of eight bytes.

use super::error::NetworkError;
use super::graph::RoadGraph;
use super::hierarchy::{Hierarchy, Sections};
use super::routable::{Info, Network};
use super::turns::Turns;
use crate::domain::InputError;
use crate::runtime::{MappedFile, atomic_file};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"RFROADS3";

#[derive(Serialize, Deserialize)]
struct Header {
    info: Info,
    names: Vec<String>,
    /// Name and length in bytes of each array.
    arrays: Vec<(String, u64)>,
    /// Of all that follows the header.
    sha256: String,
}

/// Everything of a network that is an array, in the order of the file.
struct Arrays<'a>(Vec<(&'static str, Part<'a>)>);

enum Part<'a> {
    U32(&'a mut Vec<u32>),
    I32(&'a mut Vec<i32>),
    I64(&'a mut Vec<i64>),
    U8(&'a mut Vec<u8>),
}

impl Part<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::U32(list) => bytemuck::cast_slice(list),
            Self::I32(list) => bytemuck::cast_slice(list),
            Self::I64(list) => bytemuck::cast_slice(list),
            Self::U8(list) => list,
        }
    }

    /// Takes over bytes; `false` if their number is not a multiple of an element's.
    fn fill(&mut self, bytes: &[u8]) -> bool {
        fn copy<T: bytemuck::AnyBitPattern>(into: &mut Vec<T>, bytes: &[u8]) -> bool {
            let each = bytes.chunks_exact(size_of::<T>());
            let whole = each.remainder().is_empty();
            *into = each.map(bytemuck::pod_read_unaligned).collect();
            whole
        }
        match self {
            Self::U32(list) => copy(list, bytes),
            Self::I32(list) => copy(list, bytes),
            Self::I64(list) => copy(list, bytes),
            Self::U8(list) => copy(list, bytes),
        }
    }
}

fn arrays<'a>(
    graph: &'a mut RoadGraph,
    turns: &'a mut Turns,
    sections: &'a mut Sections,
) -> Arrays<'a> {
    use Part::{I32, I64, U8, U32};
    Arrays(vec![
        ("junction_lat", I32(&mut graph.junction_lat)),
        ("junction_lon", I32(&mut graph.junction_lon)),
        ("junction_node", I64(&mut graph.junction_node)),
        ("junction_delay_s", U8(&mut graph.junction_delay_s)),
        ("first", U32(&mut graph.first)),
        ("tail", U32(&mut graph.tail)),
        ("head", U32(&mut graph.head)),
        ("length_cm", U32(&mut graph.length_cm)),
        ("duration_ms", U32(&mut graph.duration_ms)),
        ("along", U32(&mut graph.along)),
        ("class", U8(&mut graph.class)),
        ("flags", U8(&mut graph.flags)),
        ("name", U32(&mut graph.name)),
        ("segment_way", I64(&mut graph.segment_way)),
        ("shape_first", U32(&mut graph.shape_first)),
        ("shape_lat", I32(&mut graph.shape_lat)),
        ("shape_lon", I32(&mut graph.shape_lon)),
        ("shape_node", I64(&mut graph.shape_node)),
        ("turns_first", U32(&mut turns.first)),
        ("turns_into", U32(&mut turns.into)),
        ("turns_cost_ms", U32(&mut turns.cost_ms)),
        ("turns_copies", U32(&mut turns.copies)),
        ("order", U32(&mut sections.order)),
        ("upward_first", U32(&mut sections.first)),
        ("upward_head", U32(&mut sections.head)),
        ("slot", U32(&mut sections.slot)),
    ])
}

fn padded(length: usize) -> usize {
    length.next_multiple_of(8)
}

/// Saves a network; replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn save(network: &Network, path: &Path) -> Result<(), NetworkError> {
    let refused = |problem: String| {
        let source = path.display().to_string();
        InputError::new(source, problem, "give a file that can be written")
    };
    let (payload, arrays) = payload(network);
    let header = Header {
        info: network.info.clone(),
        names: network.graph.names.clone(),
        arrays,
        sha256: hex(&payload),
    };
    let mut header = serde_json::to_vec(&header).map_err(|e| refused(e.to_string()))?;
    header.resize(padded(header.len()), b' ');
    let mut file = MAGIC.to_vec();
    file.extend((header.len() as u64).to_le_bytes());
    file.extend(header);
    file.extend(payload);
    atomic_file::write(path, &file).map_err(|e| refused(e.to_string()))?;
    Ok(())
}

/// All arrays one after the other, with the name and length in bytes of each.
fn payload(network: &Network) -> (Vec<u8>, Vec<(String, u64)>) {
    let (mut graph, mut turns) = (network.graph.clone(), network.turns.clone());
    let mut sections = network.metric.hierarchy().to_sections();
    let all = arrays(&mut graph, &mut turns, &mut sections);
    let (mut payload, mut lengths) = (Vec::new(), Vec::new());
    for (name, part) in &all.0 {
        let bytes = part.bytes();
        lengths.push(((*name).to_owned(), bytes.len() as u64));
        payload.extend_from_slice(bytes);
        payload.resize(padded(payload.len()), 0);
    }
    (payload, lengths)
}

/// Checksum that the file of a network holds.
pub(super) fn checksum(network: &Network) -> String {
    hex(&payload(network).0)
}

fn hex(payload: &[u8]) -> String {
    let digest = Sha256::digest(payload);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Loads a network that [`save`] wrote.
///
/// # Errors
/// No such file, another format or version, or damaged.
pub fn load(path: &Path) -> Result<Network, NetworkError> {
    let source = path.display().to_string();
    let refused = |problem: &str| {
        let remedy = "build it with: routeforce network build";
        InputError::new(&source, problem, remedy)
    };
    let file = MappedFile::open(path).map_err(|e| refused(&e.to_string()))?;
    let Some((start, rest)) = file.split_at_checked(16) else {
        return Err(refused("not a network file").into());
    };
    if &start[..7] != b"RFROADS" {
        return Err(refused("not a network file").into());
    }
    if &start[..8] != MAGIC {
        return Err(refused("a network file of another version").into());
    }
    let mut length = [0; 8];
    length.copy_from_slice(&start[8..]);
    let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
    let Some((header, payload)) = rest.split_at_checked(length) else {
        return Err(refused("cut off").into());
    };
    let header: Header = serde_json::from_slice(header).map_err(|e| refused(&e.to_string()))?;
    if hex(payload) != header.sha256 {
        return Err(refused("damaged: its checksum is another one").into());
    }
    let (mut graph, mut turns, mut sections) = Default::default();
    let mut rest = payload;
    let mut all = arrays(&mut graph, &mut turns, &mut sections);
    for ((name, part), (saved, bytes)) in all.0.iter_mut().zip(&header.arrays) {
        let bytes = usize::try_from(*bytes).unwrap_or(usize::MAX);
        let array = rest.get(..bytes).filter(|_| name == saved);
        if !array.is_some_and(|array| part.fill(array)) {
            return Err(refused("its arrays are not those of a network")
                .field(*name)
                .into());
        }
        rest = rest.get(padded(bytes)..).unwrap_or_default();
    }
    drop(all);
    graph.names = header.names;
    if let Some(field) = unsound(&graph, &turns, &sections) {
        return Err(refused("numbers that are not those of a network")
            .field(field)
            .into());
    }
    let hierarchy = Hierarchy::from_sections(&source, sections)?;
    let network = Network::of(header.info, graph, turns, Arc::new(hierarchy))?;
    // It has just been compared with the content.
    let _ = network.sha256.set(header.sha256);
    Ok(network)
}

/// An array that does not fit the others.
fn unsound(graph: &RoadGraph, turns: &Turns, sections: &Sections) -> Option<&'static str> {
    let (junctions, edges, segments) = (graph.junctions(), graph.edges(), graph.segments());
    let (points, all_turns) = (graph.shape_lat.len(), turns.into.len());
    let nodes = edges + turns.copies.len();
    let lengths = [
        ("junction_lon", graph.junction_lon.len(), junctions),
        ("junction_node", graph.junction_node.len(), junctions),
        ("junction_delay_s", graph.junction_delay_s.len(), junctions),
        ("head", graph.head.len(), edges),
        ("length_cm", graph.length_cm.len(), edges),
        ("duration_ms", graph.duration_ms.len(), edges),
        ("along", graph.along.len(), edges),
        ("class", graph.class.len(), edges),
        ("flags", graph.flags.len(), edges),
        ("name", graph.name.len(), edges),
        ("shape_lon", graph.shape_lon.len(), points),
        ("shape_node", graph.shape_node.len(), points),
        ("turns_cost_ms", turns.cost_ms.len(), all_turns),
        ("order", sections.order.len(), nodes),
        ("slot", sections.slot.len(), all_turns),
    ];
    let wrong = lengths
        .into_iter()
        .find(|(_, length, right)| length != right);
    let firsts = [
        ("first", &graph.first, junctions, edges),
        ("shape_first", &graph.shape_first, segments, points),
        ("turns_first", &turns.first, nodes, all_turns),
    ];
    let broken = firsts.into_iter().find(|(_, first, groups, items)| {
        let ends = (
            first.first().copied(),
            first.last().map(|&last| last as usize),
        );
        let whole = first.len() == groups + 1 && ends == (Some(0), Some(*items));
        !whole || first.windows(2).any(|pair| pair[0] > pair[1])
    });
    let indices = [
        ("tail", &graph.tail, junctions),
        ("head", &graph.head, junctions),
        ("along", &graph.along, 2 * segments),
        ("turns_into", &turns.into, nodes),
        ("turns_copies", &turns.copies, edges),
    ];
    let lost = indices
        .into_iter()
        .find(|(_, list, end)| list.iter().any(|&i| i as usize >= *end));
    let short = graph
        .shape_first
        .windows(2)
        .any(|pair| pair[1] - pair[0] < 2);
    wrong
        .map(|(name, ..)| name)
        .or(broken.map(|(name, ..)| name))
        .or(lost.map(|(name, ..)| name))
        .or(short.then_some("shape_first"))
        .or((!turns.copies.is_sorted()).then_some("turns_copies"))
}
