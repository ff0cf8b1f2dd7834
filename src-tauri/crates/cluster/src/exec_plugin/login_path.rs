//! The PATH of the person's login shell: an app that was started from a menu has a bare one.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// Stands before and after the PATH, since a shell's start-up files may print anything.
const MARK: &str = "__tidemark_path__";

/// A shell whose start-up files wait for something is not waited for.
const TIME: Duration = Duration::from_secs(5);

/// Asks the login shell (`SHELL`) for its PATH. Empty if it does not say, in time or at all.
pub async fn login_shell_path(shell: &OsStr) -> Vec<PathBuf> {
    let mut command = Command::new(shell);
    command
        .args(["-l", "-i", "-c"])
        .arg(format!("printf '%s%s%s' {MARK} \"$PATH\" {MARK}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true);
    let output = match tokio::time::timeout(TIME, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(_)) | Err(_) => return Vec::new(),
    };
    between_marks(&String::from_utf8_lossy(&output.stdout))
}

fn between_marks(printed: &str) -> Vec<PathBuf> {
    let path = printed.split(MARK).nth(1).unwrap_or_default();
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_path_is_found_among_what_start_up_files_print() {
        assert_eq!(
            between_marks(&format!("welcome\n{MARK}/a:/b c:relative{MARK}bye")),
            [PathBuf::from("/a"), PathBuf::from("/b c")]
        );
        assert_eq!(between_marks("nothing"), Vec::<PathBuf>::new());
        let real = login_shell_path(OsStr::new("/bin/sh")).await;
        assert!(real.contains(&PathBuf::from("/usr/bin")), "{real:?}");
        assert_eq!(
            login_shell_path(OsStr::new("/no/such/shell")).await,
            Vec::<PathBuf>::new()
        );
    }
}
