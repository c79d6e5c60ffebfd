//! Durations of a tensor in two bytes each where all of them fit, in four otherwise; owned, shared
//! between profiles, or in a mapped file.

use crate::runtime::MappedFile;
use bytemuck::Pod;
use std::ops::Range;
use std::sync::Arc;

/// Whole numbers of one width.
#[derive(Debug, Clone)]
pub enum Block<T> {
    /// In memory; several profiles may hold the same.
    Owned(Arc<Vec<T>>),
    /// In a file, by bytes; aligned and of whole cells, which [`Block::mapped`] establishes.
    Mapped(Arc<MappedFile>, Range<usize>),
}

impl<T: Pod> Block<T> {
    /// A part of a mapped file; `None` if it lies outside or is not aligned.
    pub(super) fn mapped(file: &Arc<MappedFile>, bytes: Range<usize>) -> Option<Self> {
        bytemuck::try_cast_slice::<u8, T>(file.get(bytes.clone())?).ok()?;
        Some(Self::Mapped(Arc::clone(file), bytes))
    }

    /// The numbers.
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::Owned(cells) => cells,
            Self::Mapped(file, bytes) => bytemuck::cast_slice(&file[bytes.clone()]),
        }
    }

    /// Changes the numbers; copied first if they are shared or mapped.
    fn change<R>(&mut self, change: impl FnOnce(&mut [T]) -> R) -> R {
        let mut cells = match std::mem::replace(self, Vec::new().into()) {
            Self::Owned(cells) => cells,
            mapped @ Self::Mapped(..) => Arc::new(mapped.as_slice().to_vec()),
        };
        let result = change(Arc::<Vec<T>>::make_mut(&mut cells).as_mut_slice());
        *self = Self::Owned(cells);
        result
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Owned(a), Self::Owned(b)) => Arc::ptr_eq(a, b),
            (Self::Mapped(a, at), Self::Mapped(b, other)) => Arc::ptr_eq(a, b) && at == other,
            _ => false,
        }
    }
}

impl<T> From<Vec<T>> for Block<T> {
    fn from(cells: Vec<T>) -> Self {
        Self::Owned(Arc::new(cells))
    }
}

/// Durations in seconds, `[from][to][slice]`, the slice fastest.
#[derive(Debug, Clone)]
pub enum Cells {
    /// None is longer than 65,535 s.
    Short(Block<u16>),
    /// Some may be.
    Long(Block<u32>),
}

/// Durations of one pair by slice, in seconds.
#[derive(Debug, Clone, Copy)]
pub enum BySlice<'a> {
    /// Two bytes each.
    Short(&'a [u16]),
    /// Four bytes each.
    Long(&'a [u32]),
}

impl Cells {
    /// Cells as narrow as they can be.
    pub(super) fn of(seconds: Vec<u32>) -> Self {
        match seconds.iter().all(|s| u16::try_from(*s).is_ok()) {
            true => {
                let narrow: Vec<u16> = seconds.iter().map(|s| *s as u16).collect();
                Self::Short(narrow.into())
            }
            false => Self::Long(seconds.into()),
        }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            Self::Short(cells) => cells.as_slice().len(),
            Self::Long(cells) => cells.as_slice().len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of a cell.
    pub fn width(&self) -> usize {
        match self {
            Self::Short(_) => 2,
            Self::Long(_) => 4,
        }
    }

    /// Some cells in a row.
    #[inline]
    pub fn range(&self, range: Range<usize>) -> BySlice<'_> {
        match self {
            Self::Short(cells) => BySlice::Short(&cells.as_slice()[range]),
            Self::Long(cells) => BySlice::Long(&cells.as_slice()[range]),
        }
    }

    /// All cells.
    pub fn all(&self) -> BySlice<'_> {
        self.range(0..self.len())
    }

    /// All cells in seconds.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.all().iter()
    }

    /// The longest duration; 0 without any.
    pub fn max(&self) -> u32 {
        match self {
            Self::Short(cells) => cells.as_slice().iter().max().map_or(0, |s| u32::from(*s)),
            Self::Long(cells) => cells.as_slice().iter().max().copied().unwrap_or(0),
        }
    }

    /// Whether leaving later never arrives earlier.
    pub(super) fn is_fifo(&self, slices: usize, slice_s: u32) -> bool {
        match self {
            Self::Short(cells) => is_fifo(cells.as_slice(), slices, slice_s),
            Self::Long(cells) => is_fifo(cells.as_slice(), slices, slice_s),
        }
    }

    /// Whether both are one and the same memory.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Short(a), Self::Short(b)) => a.is_same(b),
            (Self::Long(a), Self::Long(b)) => a.is_same(b),
            _ => false,
        }
    }

    /// Sets one slice of every pair and raises it and the slices after it until leaving later does
    /// not arrive earlier; gives the number of cells that were raised. `seconds` has one entry per
    /// pair.
    pub(super) fn set_slice(
        &mut self,
        slices: usize,
        slice: usize,
        slice_s: u32,
        seconds: &[u32],
    ) -> u64 {
        let fits = seconds.iter().all(|s| u16::try_from(*s).is_ok());
        if let (Self::Short(cells), false) = (&*self, fits) {
            let wide: Vec<u32> = cells.as_slice().iter().map(|s| u32::from(*s)).collect();
            *self = Self::Long(wide.into());
        }
        match self {
            Self::Short(cells) => cells.change(|c| set_slice(c, slices, slice, slice_s, seconds)),
            Self::Long(cells) => cells.change(|c| set_slice(c, slices, slice, slice_s, seconds)),
        }
    }
}

impl PartialEq for Cells {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Short(a), Self::Short(b)) => a.as_slice() == b.as_slice(),
            (Self::Long(a), Self::Long(b)) => a.as_slice() == b.as_slice(),
            _ => self.all() == other.all(),
        }
    }
}

impl<'a> BySlice<'a> {
    /// Number of slices.
    #[inline]
    pub fn len(self) -> usize {
        match self {
            Self::Short(cells) => cells.len(),
            Self::Long(cells) => cells.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Duration at the start of a slice.
    ///
    /// # Panics
    /// If there is no such slice.
    #[inline]
    pub fn at(self, slice: usize) -> u32 {
        match self {
            Self::Short(cells) => u32::from(cells[slice]),
            Self::Long(cells) => cells[slice],
        }
    }

    /// All durations in order.
    pub fn iter(self) -> impl Iterator<Item = u32> + 'a {
        let (short, long): (&[u16], &[u32]) = match self {
            Self::Short(cells) => (cells, &[]),
            Self::Long(cells) => (&[], cells),
        };
        short
            .iter()
            .map(|s| u32::from(*s))
            .chain(long.iter().copied())
    }

    /// All durations as a vector.
    pub fn to_vec(self) -> Vec<u32> {
        self.iter().collect()
    }
}

impl PartialEq for BySlice<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

/// A duration of a cell.
pub(super) trait Seconds: Pod + Ord + From<u16> {
    /// No less than the seconds given, as far as the width reaches.
    fn of(seconds: u32) -> Self;
    /// Less by some seconds, at least 0.
    fn less(self, seconds: u32) -> Self;
}

impl Seconds for u16 {
    #[inline]
    fn of(seconds: u32) -> Self {
        Self::try_from(seconds).unwrap_or(Self::MAX)
    }

    #[inline]
    fn less(self, seconds: u32) -> Self {
        self.saturating_sub(Self::of(seconds))
    }
}

impl Seconds for u32 {
    #[inline]
    fn of(seconds: u32) -> Self {
        seconds
    }

    #[inline]
    fn less(self, seconds: u32) -> Self {
        self.saturating_sub(seconds)
    }
}

/// Raises durations of one pair until `d[k+1] >= d[k] - slice`; gives how many were raised.
#[inline]
pub(super) fn raise_to_fifo<T: Seconds>(pair: &mut [T], slice_s: u32) -> u64 {
    let mut raised = 0;
    let Some((mut before, rest)) = pair.split_first_mut().map(|(first, rest)| (*first, rest))
    else {
        return 0;
    };
    for cell in rest {
        let least = before.less(slice_s);
        raised += u64::from(*cell < least);
        *cell = (*cell).max(least);
        before = *cell;
    }
    raised
}

fn is_fifo<T: Seconds>(cells: &[T], slices: usize, slice_s: u32) -> bool {
    let mut pairs = cells.chunks_exact(slices.max(1));
    pairs.all(|pair| pair.windows(2).all(|w| w[1] >= w[0].less(slice_s)))
}

fn set_slice<T: Seconds>(
    cells: &mut [T],
    slices: usize,
    slice: usize,
    slice_s: u32,
    seconds: &[u32],
) -> u64 {
    let mut raised = 0;
    for (pair, seconds) in cells.chunks_exact_mut(slices).zip(seconds) {
        pair[slice] = T::of(*seconds);
        raised += raise_to_fifo(&mut pair[slice.saturating_sub(1)..], slice_s);
    }
    raised
}
