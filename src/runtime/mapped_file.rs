//! A file as memory, read only: pages are loaded when they are touched and shared by all processes.

#![allow(unsafe_code)]

use memmap2::Mmap;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

/// A file mapped into memory for reading. The start is aligned to a page.
#[derive(Debug)]
pub struct MappedFile(Mmap);

impl MappedFile {
    /// Maps a whole file.
    ///
    /// # Errors
    /// No such file, or one that cannot be mapped.
    pub fn open(path: &Path) -> Result<Self, io::Error> {
        let file = File::open(path)?;
        // SAFETY: a mapping is undefined if the file is changed or cut short while it is mapped.
        // Files that are mapped are written by `atomic_file` only: aside, then renamed over the old
        // name. That gives the name to a new file and leaves the one mapped here as it was, alive
        // until it is unmapped. Nothing in this program writes into or truncates an existing file.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Self(map))
    }
}

impl Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::atomic_file;

    #[test]
    fn a_mapping_keeps_what_it_mapped_when_the_file_is_replaced() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.bin");
        atomic_file::write(&path, b"old")?;
        let mapped = MappedFile::open(&path)?;
        atomic_file::write(&path, b"newer")?;
        assert_eq!(&*mapped, b"old");
        assert_eq!(&*MappedFile::open(&path)?, b"newer");
        assert!(MappedFile::open(&folder.path().join("absent")).is_err());
        Ok(())
    }
}
