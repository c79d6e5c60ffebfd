//! A file as memory, without reading it first.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

/// A file that is mapped into memory, read only.
#[derive(Debug)]
pub struct MappedFile(memmap2::Mmap);

impl MappedFile {
    /// Maps a file. Files of this program are written aside and renamed
    /// ([`super::atomic_file`]), so that one that is mapped never changes.
    ///
    /// # Errors
    /// It cannot be opened or mapped, such as an empty one.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // Sound as long as nobody writes into the file in place, which this program never does.
        #[allow(unsafe_code)]
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self(map))
    }
}

impl Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
