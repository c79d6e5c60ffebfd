//! Files that are written aside and put in place together at the end.

use super::error::IngestError;
use crate::domain::Document;
use polars::prelude::*;
use polars_io::parquet::write::BatchedWriter;
use polars_io::prelude::ParquetWriter;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A folder that gets its files only when all of them are whole.
pub(crate) struct Output {
    folder: PathBuf,
    /// Folders that were made for this; removed again if nothing comes of it.
    made: Vec<PathBuf>,
    files: Vec<(String, NamedTempFile)>,
}

impl Output {
    /// Makes the folder if need be.
    pub fn new(folder: &Path) -> Result<Self, IngestError> {
        let missing = folder
            .ancestors()
            .take_while(|f| !f.as_os_str().is_empty() && !f.exists());
        let made = missing.map(Path::to_owned).collect();
        std::fs::create_dir_all(folder).map_err(|e| IngestError::write(folder, e))?;
        Ok(Self {
            folder: folder.to_owned(),
            made,
            files: Vec::new(),
        })
    }

    /// A new file aside; it gets `name` in the end.
    pub fn file(&mut self, name: &str) -> Result<BufWriter<File>, IngestError> {
        let fail = |e| IngestError::write(&self.folder.join(name), e);
        let aside = NamedTempFile::with_prefix_in(".routeforce-", &self.folder).map_err(fail)?;
        let file = aside.as_file().try_clone().map_err(fail)?;
        self.files.push((name.to_owned(), aside));
        Ok(BufWriter::new(file))
    }

    /// A document aside.
    pub fn document(&mut self, name: &str, document: &impl Document) -> Result<(), IngestError> {
        let path = self.folder.join(name);
        let fail = |e| IngestError::write(&path, e);
        let json = document.to_json().map_err(|e| fail(e.into()))?;
        let text = serde_json::to_vec_pretty(&json).map_err(|e| fail(e.into()))?;
        let mut file = self.file(name)?;
        file.write_all(&text)
            .and_then(|()| file.write_all(b"\n"))
            .and_then(|()| file.flush())
            .map_err(fail)
    }

    /// Puts all files in place.
    pub fn publish(mut self) -> Result<(), IngestError> {
        for (name, aside) in self.files.drain(..) {
            let path = self.folder.join(name);
            let fail = |e| IngestError::write(&path, e);
            readable(aside.as_file())
                .and_then(|()| aside.as_file().sync_all())
                .map_err(fail)?;
            aside.persist(&path).map_err(|e| fail(e.error))?;
        }
        self.made.clear();
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.files.clear();
        for folder in &self.made {
            // Only empty folders can be removed so; others have other owners by now.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Temporary files are private; what is published follows the usual mode.
#[cfg(unix)]
fn readable(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> std::io::Result<()> {
    Ok(())
}

/// A Parquet file that grows by chunks of rows, one row group each.
pub(crate) struct ParquetSink {
    pending: Option<BufWriter<File>>,
    writer: Option<BatchedWriter<BufWriter<File>>>,
}

impl ParquetSink {
    /// A sink into a file; its columns are those of the first chunk.
    pub fn new(file: BufWriter<File>) -> Self {
        Self {
            pending: Some(file),
            writer: None,
        }
    }

    /// Appends rows.
    pub fn write(&mut self, mut frame: DataFrame) -> Result<(), IngestError> {
        if let Some(file) = self.pending.take() {
            self.writer = Some(ParquetWriter::new(file).batched(frame.schema())?);
        }
        if let Some(writer) = &mut self.writer
            && frame.height() > 0
        {
            frame.rechunk_mut();
            writer.write_batch(&frame)?;
        }
        Ok(())
    }

    /// Writes the footer.
    pub fn finish(self) -> Result<(), IngestError> {
        if let Some(writer) = &self.writer {
            writer.finish()?;
        }
        Ok(())
    }
}
