//! Without a GPU, WebKitGTK draws faster when it does not composite: half the time for a frame.
//!
//! It reads that from the environment when it starts, so the program starts itself once more with the variable
//! set. (Asking by `HardwareAccelerationPolicy::Never` instead loses the wheel's events.)

#[cfg(target_os = "linux")]
const VARIABLE: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Starts the program again where that is needed; returns where it is not, or where it can't be done.
#[cfg(target_os = "linux")]
pub fn start_again_without_gpu() {
    use std::os::unix::process::CommandExt;

    let has_gpu = std::fs::read_dir("/dev/dri").is_ok_and(|mut entries| entries.next().is_some());
    if has_gpu || std::env::var_os(VARIABLE).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let error = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(VARIABLE, "1")
        .exec();
    eprintln!("Tidemark draws more slowly than it could: {error}");
}

/// Only WebKitGTK needs it.
#[cfg(not(target_os = "linux"))]
pub fn start_again_without_gpu() {}
