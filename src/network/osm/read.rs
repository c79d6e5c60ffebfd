//! Elements of a `.osm.pbf` file, blob by blob. The format's reader stays in here.

use super::report::OsmReport;
use super::restriction::Member;
use super::tags::Tags;
use crate::domain::InputError;
use crate::network::NetworkError;
use crate::runtime::Cancel;
use osmpbf::{BlobDecode, BlobReader, Element, PrimitiveBlock, RelMemberType};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// An element that may matter.
pub(super) enum Found {
    Node {
        id: i64,
        place: [i32; 2],
        tags: Tags,
    },
    Way {
        id: i64,
        nodes: Vec<i64>,
        tags: Tags,
    },
    Relation {
        id: i64,
        members: Vec<Member>,
        tags: Tags,
    },
}

/// Hands all elements to `visit`, in order. A block that cannot be read is noted and left out.
///
/// # Errors
/// No such file, or none of this format; cancelled.
pub(super) fn elements(
    path: &Path,
    report: &mut OsmReport,
    cancel: &Cancel,
    mut visit: impl FnMut(Found, &mut OsmReport),
) -> Result<(), NetworkError> {
    let source = path.display().to_string();
    let remedy = "give an OpenStreetMap extract in PBF format (.osm.pbf)";
    let refused = |problem: String| InputError::new(&source, problem, remedy);
    let blobs = BlobReader::from_path(path).map_err(|e| refused(e.to_string()))?;
    let mut readable = 0_u64;
    for (number, blob) in blobs.enumerate() {
        cancel.check()?;
        let blob = match blob {
            Ok(blob) => blob,
            // What follows cannot be found any more.
            Err(error) if readable > 0 => {
                report.skip(
                    "file ends early",
                    format!("block {number}"),
                    error.to_string(),
                );
                break;
            }
            Err(error) => return Err(refused(error.to_string()).into()),
        };
        // The reader takes some damaged numbers for granted.
        let decoded = catch_unwind(AssertUnwindSafe(|| match blob.decode() {
            Ok(BlobDecode::OsmData(block)) => Ok(of_block(&block)),
            Ok(_) => Ok(Vec::new()),
            Err(error) => Err(error.to_string()),
        }));
        match decoded.unwrap_or_else(|_| Err("damaged".to_owned())) {
            Ok(found) => {
                readable += 1;
                found.into_iter().for_each(|element| visit(element, report));
            }
            Err(error) => report.skip("block not readable", format!("block {number}"), error),
        }
    }
    if readable == 0 {
        return Err(refused("holds no readable block".to_owned()).into());
    }
    Ok(())
}

fn of_block(block: &PrimitiveBlock) -> Vec<Found> {
    let mut found = Vec::new();
    block.for_each_element(|element| {
        found.push(match element {
            Element::Node(node) => Found::Node {
                id: node.id(),
                place: [node.decimicro_lat(), node.decimicro_lon()],
                tags: node.tags().collect(),
            },
            Element::DenseNode(node) => Found::Node {
                id: node.id(),
                place: [node.decimicro_lat(), node.decimicro_lon()],
                tags: node.tags().collect(),
            },
            Element::Way(way) => Found::Way {
                id: way.id(),
                nodes: way.refs().collect(),
                tags: way.tags().collect(),
            },
            Element::Relation(relation) => Found::Relation {
                id: relation.id(),
                members: relation.members().filter_map(member).collect(),
                tags: relation.tags().collect(),
            },
        });
    });
    found
}

fn member(member: osmpbf::RelMember<'_>) -> Option<Member> {
    let way = match member.member_type {
        RelMemberType::Way => true,
        RelMemberType::Node => false,
        RelMemberType::Relation => return None,
    };
    Some((member.role().ok()?.to_owned(), way, member.member_id))
}
