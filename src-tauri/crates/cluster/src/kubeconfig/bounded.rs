//! Reading one kubeconfig file within bounds of size, text and YAML.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use kube::config::{Kubeconfig, KubeconfigError as KubeError};

use super::KubeconfigError;

/// Far above any real one: a thousand clusters with their certificates are about 6 MB.
const LIMIT: u64 = 16 << 20;

/// Reads a file; `None` if there is none. Relative paths in it become absolute, as for `kubectl`.
pub(super) fn read(file: &Path) -> Result<Option<Kubeconfig>, KubeconfigError> {
    let Some(bytes) = read_bytes(file)? else {
        return Ok(None);
    };
    let text = as_text(file, &bytes)?;
    // `kube` parses with limits on aliases, depth and nodes, and refuses a key that stands twice.
    let mut config = Kubeconfig::from_yaml(text).map_err(|error| malformed(file, &error))?;
    if let Some(folder) = file.parent() {
        make_absolute(&mut config, folder);
    }
    Ok(Some(config))
}

fn read_bytes(file: &Path) -> Result<Option<Vec<u8>>, KubeconfigError> {
    let unreadable = |error: std::io::Error| KubeconfigError::Unreadable {
        file: file.to_owned(),
        detail: error.to_string(),
    };
    // Looked at before it is opened: opening a pipe would wait for whoever writes to it.
    match std::fs::metadata(file) {
        Ok(about) if !about.is_file() => {
            return Err(KubeconfigError::NotAFile {
                file: file.to_owned(),
            });
        }
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    }
    let mut bytes = Vec::new();
    File::open(file)
        .map_err(unreadable)?
        .take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LIMIT {
        return Err(KubeconfigError::TooLarge {
            file: file.to_owned(),
            limit: LIMIT,
        });
    }
    Ok(Some(bytes))
}

fn as_text<'a>(file: &Path, bytes: &'a [u8]) -> Result<&'a str, KubeconfigError> {
    let at_byte = |at: usize, what| KubeconfigError::NotText {
        file: file.to_owned(),
        line: bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1,
        what,
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| at_byte(error.valid_up_to(), "bytes that are no UTF-8"))?;
    match bytes.iter().position(|byte| *byte == 0) {
        Some(at) => Err(at_byte(at, "a NUL byte")),
        None => Ok(text),
    }
}

fn malformed(file: &Path, error: &KubeError) -> KubeconfigError {
    let location = match error {
        KubeError::Parse(error) => error.location(),
        _ => None,
    };
    KubeconfigError::Malformed {
        file: file.to_owned(),
        line: location.map_or(0, |place| place.line()),
        column: location.map_or(0, |place| place.column()),
        // The parser adds a picture of the place, which may hold a credential: the first line says it all.
        detail: error.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}

/// Certificates, keys, token files, and plugins that are written with a slash stand relative to the file.
fn make_absolute(config: &mut Kubeconfig, folder: &Path) {
    let absolute = |path: &mut Option<String>| {
        if let Some(text) = path
            && Path::new(text.as_str()).is_relative()
            && !text.is_empty()
        {
            *text = join(folder, text);
        }
    };
    for cluster in config
        .clusters
        .iter_mut()
        .filter_map(|named| named.cluster.as_mut())
    {
        absolute(&mut cluster.certificate_authority);
    }
    for user in config
        .auth_infos
        .iter_mut()
        .filter_map(|named| named.auth_info.as_mut())
    {
        absolute(&mut user.client_certificate);
        absolute(&mut user.client_key);
        absolute(&mut user.token_file);
        if let Some(exec) = &mut user.exec
            && exec
                .command
                .as_deref()
                .is_some_and(|command| command.contains('/'))
        {
            absolute(&mut exec.command);
        }
    }
}

fn join(folder: &Path, file: &str) -> String {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| PathBuf::from(folder));
    folder.join(file).to_string_lossy().into_owned()
}
