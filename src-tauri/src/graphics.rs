//! Without a GPU, WebKitGTK draws faster when it does not composite: half the time for a frame, and half the memory.
//!
//! It reads that from the environment when it starts. (Asking by `HardwareAccelerationPolicy::Never` instead loses the
//! wheel's events; starting the program once more with the variable set loads WebKit's libraries twice.)

#[cfg(target_os = "linux")]
const VARIABLE: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Sets the variable where there is no GPU. Must be called before the program has started a thread.
#[cfg(target_os = "linux")]
pub fn draw_well_without_gpu() {
    let has_gpu = std::fs::read_dir("/dev/dri").is_ok_and(|mut entries| entries.next().is_some());
    if has_gpu || std::env::var_os(VARIABLE).is_some() {
        return;
    }
    #[expect(unsafe_code, reason = "only so can a program set its own environment")]
    // SAFETY: the one other thread there may be gives freed memory back for WebKit's allocator (`app::memory`); it reads no
    // environment.
    unsafe {
        std::env::set_var(VARIABLE, "1");
    }
}

/// Only WebKitGTK needs it.
#[cfg(not(target_os = "linux"))]
pub fn draw_well_without_gpu() {}
