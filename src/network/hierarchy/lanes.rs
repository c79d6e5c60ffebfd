//! Several weights of one arc, or distances of one node, side by side: minimum and sum of all at
//! once. The only file that may be unsafe: it calls functions that were compiled for AVX2, after
//! asking the processor whether it has that.

use super::weight::Weight;

/// Distances, or weights, that are computed together.
pub(super) const LANES: usize = 16;

/// One distance per lane.
pub(super) type Lanes<W = u32> = [W; LANES];

/// `into = min(into, from + weight)`.
#[inline(always)]
pub(super) fn relax<W: Weight>(into: &mut Lanes<W>, from: &Lanes<W>, weight: W) {
    for lane in 0..LANES {
        into[lane] = into[lane].min(from[lane].plus(weight));
    }
}

/// `into = min(into, a + b)`.
#[inline(always)]
pub(super) fn relax_pair<W: Weight>(into: &mut Lanes<W>, a: &Lanes<W>, b: &Lanes<W>) {
    for lane in 0..LANES {
        into[lane] = into[lane].min(a[lane].plus(b[lane]));
    }
}

/// Defines a function that runs its body, compiled for AVX2 where the processor has it; the
/// results are the same.
macro_rules! with_avx2 {
    ($(#[$doc:meta])* $name:ident, $body:ident, ($($argument:ident: $type:ty),*)) => {
        $(#[$doc])*
        pub(super) fn $name<W: Weight>($($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn fast<W: Weight>($($argument: $type),*) {
                    $body($($argument),*);
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // Sound: the processor has just been asked.
                    #[allow(unsafe_code)]
                    unsafe {
                        fast($($argument),*);
                    }
                    return;
                }
            }
            $body($($argument),*);
        }
    };
}
pub(super) use with_avx2;
