//! Writing files so that nobody ever sees half of one: aside, then renamed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes `content` to `path`, replacing what was there only when all of it is on disk.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    write_with(path, |file| file.write_all(content))
}

/// Lets `fill` write to a file aside, and renames it to `path` if that went well. On an error the
/// old file, if any, stays as it was.
pub fn write_with<E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&File>) -> Result<(), E>,
) -> Result<(), E> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let aside = NamedTempFile::with_prefix_in(".routeforce-", folder)?;
    let mut writer = BufWriter::new(aside.as_file());
    fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    aside.as_file().sync_all()?;
    make_readable(aside.as_file())?;
    aside.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Temporary files are private; what is published follows the usual mode.
#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.txt");
        write(&path, b"old")?;
        let failed: Result<(), io::Error> = write_with(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("stop"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path)?, b"old");
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }
}
