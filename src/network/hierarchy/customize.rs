//! Weights of all arcs: the least over the graph's arcs and over all ways through lower nodes.

use super::lanes::{LANES, Lanes, relax_pair, with_avx2};
use super::slices::Slice;
use super::weight::Weight;
use super::{Hierarchy, NONE};

/// Weights up and down, by upward arc.
pub(super) fn customize<W: Weight>(hierarchy: &Hierarchy, weights: &[W]) -> (Vec<W>, Vec<W>) {
    let arcs = hierarchy.upward_arcs();
    let (mut up, mut down) = (vec![W::INFINITY; arcs], vec![W::INFINITY; arcs]);
    for (&slot, &weight) in hierarchy.slot.iter().zip(weights) {
        if slot != NONE {
            let side = if slot % 2 == 0 { &mut up } else { &mut down };
            let place = &mut side[slot as usize / 2];
            *place = (*place).min(weight);
        }
    }
    each_triangle(hierarchy, |low, high, across| {
        up[across] = up[across].min(down[low].plus(up[high]));
        down[across] = down[across].min(down[high].plus(up[low]));
    });
    (up, down)
}

/// Weights of several slices at once.
#[derive(Debug, Default)]
pub(super) struct LaneWeights<W> {
    pub up: Vec<Lanes<W>>,
    pub down: Vec<Lanes<W>>,
}

/// The same for up to [`LANES`] slices, each of which gives the weights of all arcs.
pub(super) fn customize_lanes(
    hierarchy: &Hierarchy,
    slices: &[Slice],
    into: &mut LaneWeights<u32>,
) {
    let arcs = hierarchy.upward_arcs();
    for side in [&mut into.up, &mut into.down] {
        side.clear();
        side.resize(arcs, [u32::INFINITY; LANES]);
    }
    for (arc, &slot) in hierarchy.slot.iter().enumerate() {
        if slot == NONE {
            continue;
        }
        let side = if slot % 2 == 0 {
            &mut into.up
        } else {
            &mut into.down
        };
        let place = &mut side[slot as usize / 2];
        for (lane, slice) in slices.iter().enumerate().take(LANES) {
            place[lane] = place[lane].min(slice.weights[arc]);
        }
    }
    all_lanes(hierarchy, into);
}

#[inline(always)]
fn triangles_of_lanes<W: Weight>(hierarchy: &Hierarchy, into: &mut LaneWeights<W>) {
    let LaneWeights { up, down } = into;
    each_triangle(hierarchy, |low, high, across| {
        let (down_low, up_high) = (down[low], up[high]);
        relax_pair(&mut up[across], &down_low, &up_high);
        let (down_high, up_low) = (down[high], up[low]);
        relax_pair(&mut down[across], &down_high, &up_low);
    });
}

with_avx2! {
    /// Ways through lower nodes, in all lanes.
    all_lanes, triangles_of_lanes, (hierarchy: &Hierarchy, into: &mut LaneWeights<W>)
}

/// Every triangle of a node and two higher ones, lowest nodes first: the arcs from the node to the
/// lower and to the higher of the two, and the arc between these.
#[inline(always)]
fn each_triangle(hierarchy: &Hierarchy, mut visit: impl FnMut(usize, usize, usize)) {
    let upward = &hierarchy.upward;
    for v in 0..hierarchy.nodes() as u32 {
        let arcs = upward.arcs(v);
        for low in arcs.clone() {
            let mut across = upward.first[upward.head[low] as usize] as usize;
            for high in low + 1..arcs.end {
                let head = upward.head[high];
                // It is there: contraction joined the two.
                while upward.head[across] != head {
                    across += 1;
                }
                visit(low, high, across);
            }
        }
    }
}
