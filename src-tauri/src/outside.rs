//! Opens folders and addresses outside the window, in the program that the person set for them.

use std::io;

/// How long a launcher may take to say that nothing opens it: `xdg-open` needs a second to ask every program that it
/// knows of. One that goes on has handed over, or is itself the program that was wanted.
#[cfg(all(unix, not(target_os = "macos")))]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Opens a path or an address. Blocks until a launcher has taken it, on Linux for some seconds at the most.
///
/// # Errors
/// No launcher is there, or none found a program; in the system's words.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn open(what: &str) -> io::Result<()> {
    open::that_detached_with_timeout(what, PATIENCE)
}

/// The same where the system answers at once whether it took it.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn open(what: &str) -> io::Result<()> {
    open::that_detached(what)
}

#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;
    use std::process::Command;

    const WHAT: &str = "TIDEMARK_TEST_OPENS";

    /// Asks for a folder where these are all the launchers there are. A process has one environment, so that the test
    /// runs itself.
    fn opens(launchers: &[(&str, &str)]) -> bool {
        let folder = tempfile::tempdir().unwrap();
        for (name, script) in launchers {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let this = std::env::current_exe().unwrap();
        let status = Command::new(this)
            .args([
                "--exact",
                "outside::tests::it_is_told_when_nothing_opens_a_folder",
            ])
            .env(WHAT, folder.path())
            .env("PATH", folder.path())
            .output()
            .unwrap()
            .status;
        status.success()
    }

    #[test]
    fn it_is_told_when_nothing_opens_a_folder() {
        if let Some(what) = std::env::var_os(WHAT) {
            let what = Path::new(&what).display().to_string();
            super::open(&what).unwrap();
            return;
        }
        let slow = "/bin/sleep 0.8";
        let refuses = format!("{slow}; exit 3");
        assert!(!opens(&[]), "no launcher");
        assert!(
            !opens(&[("xdg-open", &refuses)]),
            "it takes a second to find nothing"
        );
        assert!(
            opens(&[("xdg-open", &refuses), ("gio", slow)]),
            "another one opens it"
        );
        assert!(opens(&[("xdg-open", "exit 0")]));
    }
}
