//! The folder of models: `<models>/<name>/<version>/{model.onnx, manifest.json}`.

use super::error::OnnxError;
use super::manifest::Manifest;
use super::session::Session;
use crate::domain::{Document, InputError};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};

const MODEL_FILE: &str = "model.onnx";
const MANIFEST_FILE: &str = "manifest.json";
/// Folders under construction start like this and are never listed.
const ASIDE_PREFIX: &str = ".aside-";

/// A model ready to predict.
#[derive(Debug)]
pub struct Model {
    /// What it is.
    pub manifest: Manifest,
    /// What predicts.
    pub session: Session,
}

/// Writes a version, aside and then renamed, and gives its folder and the manifest as written.
///
/// The version is the manifest's, with `-2`, `-3`, … behind it if it is taken.
pub fn save(
    models_dir: &Path,
    name: &str,
    onnx_bytes: &[u8],
    mut manifest: Manifest,
) -> Result<(PathBuf, Manifest), OnnxError> {
    check_name(name)?;
    check_name(&manifest.version)?;
    let family = models_dir.join(name);
    std::fs::create_dir_all(&family).map_err(|e| OnnxError::io(&family, e))?;
    let aside = tempfile::Builder::new()
        .prefix(ASIDE_PREFIX)
        .tempdir_in(&family)
        .map_err(|e| OnnxError::io(&family, e))?;
    manifest.name = name.to_owned();
    manifest.model_sha256 = sha256_of(onnx_bytes);
    let wanted = manifest.version.clone();
    let mut attempt = 1;
    while family.join(&manifest.version).exists() {
        attempt += 1;
        manifest.version = format!("{wanted}-{attempt}");
    }
    let model_path = aside.path().join(MODEL_FILE);
    std::fs::write(&model_path, onnx_bytes).map_err(|e| OnnxError::io(&model_path, e))?;
    let manifest_path = aside.path().join(MANIFEST_FILE);
    manifest
        .write(&manifest_path)
        .map_err(|e| OnnxError::io(&manifest_path, e))?;
    make_listable(aside.path()).map_err(|e| OnnxError::io(aside.path(), e))?;
    let folder = family.join(&manifest.version);
    std::fs::rename(aside.path(), &folder).map_err(|e| OnnxError::io(&folder, e))?;
    // Renamed away: nothing is left to clean up.
    let _ = aside.keep();
    Ok((folder, manifest))
}

/// Temporary folders are private; what is published follows the usual mode.
#[cfg(unix)]
fn make_listable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_listable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// All versions of a model, the oldest first.
pub fn versions(models_dir: &Path, name: &str) -> Result<Vec<String>, OnnxError> {
    check_name(name)?;
    let family = models_dir.join(name);
    let Ok(entries) = std::fs::read_dir(&family) else {
        return Ok(Vec::new());
    };
    let mut versions: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join(MANIFEST_FILE).is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|version| !version.starts_with('.'))
        .collect();
    versions.sort();
    Ok(versions)
}

/// Names of all models, in order.
pub fn names(models_dir: &Path) -> Result<Vec<String>, OnnxError> {
    let Ok(entries) = std::fs::read_dir(models_dir) else {
        return Ok(Vec::new());
    };
    let names = entries.filter_map(Result::ok);
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| check_name(name).is_ok()).collect();
    names.sort();
    let mut found = Vec::new();
    for name in names {
        if !versions(models_dir, &name)?.is_empty() {
            found.push(name);
        }
    }
    Ok(found)
}

/// The manifest of one version.
pub fn manifest(models_dir: &Path, name: &str, version: &str) -> Result<Manifest, OnnxError> {
    check_name(name)?;
    check_name(version)?;
    let path = models_dir.join(name).join(version).join(MANIFEST_FILE);
    Ok(Manifest::read(&path)?)
}

/// Loads the latest version of a model.
pub fn load_latest(models_dir: &Path, name: &str) -> Result<Model, OnnxError> {
    match versions(models_dir, name)?.pop() {
        Some(version) => load(models_dir, name, &version),
        None => Err(InputError::new(
            models_dir.join(name).display().to_string(),
            format!("no model `{name}`"),
            format!("train one: routeforce train {name}"),
        )
        .into()),
    }
}

/// Loads one version of a model, and checks that manifest and model file belong together.
pub fn load(models_dir: &Path, name: &str, version: &str) -> Result<Model, OnnxError> {
    check_name(name)?;
    check_name(version)?;
    let folder = models_dir.join(name).join(version);
    let manifest = Manifest::read(&folder.join(MANIFEST_FILE))?;
    let path = folder.join(MODEL_FILE);
    let source = path.display().to_string();
    let remedy = "train the model again (routeforce train), or restore the file";
    let bytes =
        std::fs::read(&path).map_err(|e| InputError::new(&source, e.to_string(), remedy))?;
    if sha256_of(&bytes) != manifest.model_sha256 {
        let problem = "not the file its manifest describes (another SHA-256)";
        return Err(InputError::new(&source, problem, remedy).into());
    }
    let session = Session::from_bytes(&source, &bytes)?;
    if session.columns() != manifest.features.columns.len() {
        let problem = format!(
            "takes {} features, its manifest names {}",
            session.columns(),
            manifest.features.columns.len()
        );
        return Err(InputError::new(&source, problem, remedy).into());
    }
    Ok(Model { manifest, session })
}

/// Removes a version. It is gone from all lists at once, also if its files are not.
pub fn remove(models_dir: &Path, name: &str, version: &str) -> Result<(), OnnxError> {
    check_name(name)?;
    check_name(version)?;
    let family = models_dir.join(name);
    let (folder, aside) = (
        family.join(version),
        family.join(format!("{ASIDE_PREFIX}{version}")),
    );
    std::fs::rename(&folder, &aside).map_err(|e| OnnxError::io(&folder, e))?;
    std::fs::remove_dir_all(&aside).map_err(|e| OnnxError::io(&aside, e))
}

/// SHA-256 of a file, in hexadecimal; for [`Manifest::data_sha256`].
pub fn sha256_of_file(path: &Path) -> Result<String, OnnxError> {
    let mut file = std::fs::File::open(path).map_err(|e| OnnxError::io(path, e))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(|e| OnnxError::io(path, e))?;
        match buffer.get(..read) {
            Some([]) | None => return Ok(hexadecimal(&hash.finalize())),
            Some(block) => hash.update(block),
        }
    }
}

/// SHA-256 of bytes, in hexadecimal.
pub fn sha256_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Names and versions become folders: nothing that could leave the models folder.
pub(super) fn check_name(name: &str) -> Result<(), InputError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(allowed) {
        return Err(InputError::new(
            "models folder",
            "not the name or version of a model",
            "use letters, digits, `-`, `_` and `.`",
        )
        .value(name));
    }
    Ok(())
}
