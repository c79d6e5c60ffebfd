//! Finds and loads the ONNX Runtime shared library, once per process.

use super::error::OnnxError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Environment variable that names the library itself.
pub const VARIABLE: &str = "ORT_DYLIB_PATH";

/// Where to look, in order; read from the environment by [`Places::of_this_process`].
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The library named by hand; nothing else is tried then.
    pub named: Option<PathBuf>,
    /// Folders that may hold a library.
    pub folders: Vec<PathBuf>,
}

impl Places {
    /// `ORT_DYLIB_PATH`; else beside the executable, then `routeforce/onnxruntime` in the user's
    /// cache folder (`XDG_CACHE_HOME`, or `~/.cache`), which `make setup` fills.
    pub fn of_this_process() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|v: &OsString| !v.is_empty());
        let executable = std::env::current_exe().ok();
        let beside = executable.as_deref().and_then(Path::parent);
        let cache = set("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache")));
        Self {
            named: set(VARIABLE).map(PathBuf::from),
            folders: beside
                .map(Path::to_path_buf)
                .into_iter()
                .chain(cache.map(|c| c.join("routeforce").join("onnxruntime")))
                .collect(),
        }
    }

    /// The library to load.
    pub fn find(&self) -> Result<PathBuf, OnnxError> {
        if let Some(named) = &self.named {
            return if named.is_file() {
                Ok(named.clone())
            } else {
                Err(OnnxError::LibraryMissing {
                    looked_at: format!("{VARIABLE}={}", named.display()),
                })
            };
        }
        let found = self.folders.iter().find_map(|folder| library_in(folder));
        found.ok_or_else(|| OnnxError::LibraryMissing {
            looked_at: match self.folders.as_slice() {
                [] => "no folder, HOME is not set".into(),
                folders => folders
                    .iter()
                    .map(|f| f.display().to_string())
                    .collect::<Vec<_>>()
                    .join(", "),
            },
        })
    }
}

/// The library in a folder: the plain name, else the last versioned one by name.
fn library_in(folder: &Path) -> Option<PathBuf> {
    let (prefix, plain) = if cfg!(windows) {
        ("onnxruntime", "onnxruntime.dll")
    } else if cfg!(target_os = "macos") {
        ("libonnxruntime.", "libonnxruntime.dylib")
    } else {
        ("libonnxruntime.so", "libonnxruntime.so")
    };
    let exact = folder.join(plain);
    if exact.is_file() {
        return Some(exact);
    }
    let mut versioned: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
            name.starts_with(prefix) && path.is_file()
        })
        .collect();
    versioned.sort();
    versioned.pop()
}

/// The process's one ONNX Runtime environment.
pub(super) fn environment() -> Result<&'static ort::environment::Environment, OnnxError> {
    static ENVIRONMENT: OnceLock<ort::environment::Environment> = OnceLock::new();
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    let path = Places::of_this_process().find()?;
    let unusable = |reason: String| OnnxError::LibraryUnusable {
        path: path.display().to_string(),
        reason,
    };
    let built = ort::init_from(&path)
        .map_err(|e| unusable(e.to_string()))?
        .with_telemetry(false)
        .build()
        .map_err(|e| unusable(e.to_string()))?;
    Ok(ENVIRONMENT.get_or_init(|| built))
}
