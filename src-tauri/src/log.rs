//! The log: one file a start beside the ledger, and standard error.
//!
//! Secrets never reach it. Adapters redact what they name; what is left, a library's own words above all, passes
//! [`Redacting`] as the last thing before it is written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How many log files are kept.
const KEPT: usize = 10;

/// Starts logging to `DATA/logs/tidemark-START.log`, and returns the folder. Where no file can be made (a read-only
/// folder), standard error alone has the log.
pub fn start(data: &Path) -> PathBuf {
    let folder = data.join("logs");
    let filter = EnvFilter::try_from_env("TIDEMARK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let (file, refused) = match new_file(&folder) {
        Ok(file) => (Some(file), None),
        Err(error) => (None, Some(error)),
    };
    subscriber(filter, file, io::stderr).init();
    if let Some(error) = refused {
        tracing::warn!(folder = %folder.display(), %error, "the log is not kept in a file");
    }
    folder
}

fn new_file(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    drop_oldest(folder)?;
    let name = chrono::Utc::now()
        .format("tidemark-%Y%m%dT%H%M%S%.3fZ.log")
        .to_string();
    File::create(folder.join(name))
}

/// Writes every event to both, redacted.
fn subscriber<A, B>(filter: EnvFilter, file: Option<A>, terminal: B) -> impl Subscriber + Send + Sync
where
    A: for<'w> MakeWriter<'w> + Send + Sync + 'static,
    B: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::registry()
        .with(filter)
        .with(file.map(|file| {
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(Redacting(file))
        }))
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(Redacting(terminal)),
        )
}

fn drop_oldest(folder: &Path) -> io::Result<()> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let surplus = (files.len() + 1).saturating_sub(KEPT);
    files.iter().take(surplus).try_for_each(fs::remove_file)
}

/// Makes writers that take secrets out.
struct Redacting<M>(M);

impl<'w, M: MakeWriter<'w>> MakeWriter<'w> for Redacting<M> {
    type Writer = RedactedEvent<M::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        RedactedEvent {
            text: Vec::new(),
            into: self.0.make_writer(),
        }
    }
}

/// Holds an event until it is whole, so that no secret is cut in two and missed.
struct RedactedEvent<W: Write> {
    text: Vec<u8>,
    into: W,
}

impl<W: Write> Write for RedactedEvent<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        self.into
            .write_all(app::redact(&String::from_utf8_lossy(&text)).as_bytes())?;
        self.into.flush()
    }
}

impl<W: Write> Drop for RedactedEvent<W> {
    fn drop(&mut self) {
        // A log that can't be written has nowhere to say so.
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fault 51: what a library logs of itself is not ours to word.
    #[test]
    fn fault_51_no_secret_that_is_logged_reaches_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.log");
        let file = File::create(&path).unwrap();
        let subscriber = subscriber(EnvFilter::new("trace"), Some(file), io::sink);
        tracing::subscriber::with_default(subscriber, || {
            tracing::debug!(target: "hyper::client", "GET https://lena:hunter2@git.example/a.git");
            tracing::debug!(target: "git", "https://9f86d081884c7d659a2feaa0c55ad015@git.example/a.git");
            tracing::trace!(target: "kube_client", header = ?("authorization", "Bearer abcdef.123456-XYZ"), "request");
            tracing::warn!(
                url = "https://eks.example/?X-Amz-Security-Token=FQoGZXIvYXdz&x=1",
                "presigned"
            );
            tracing::error!(body = r#"{"password":"s3cr3t!x","user":"lena"}"#, "answer");
        });
        let written = fs::read_to_string(path).unwrap();
        for secret in [
            "hunter2",
            "9f86d081884c7d659a2feaa0c55ad015",
            "abcdef.123456-XYZ",
            "FQoGZXIvYXdz",
            "s3cr3t!x",
        ] {
            assert!(!written.contains(secret), "{secret} is in {written}");
        }
        for kept in ["git.example/a.git", "presigned", "lena", "hyper::client"] {
            assert!(written.contains(kept), "{kept} is gone from {written}");
        }
        assert_eq!(written.lines().count(), 5, "an event is a line: {written}");
    }
}
