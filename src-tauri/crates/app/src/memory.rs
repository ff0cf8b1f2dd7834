//! The C library keeps freed memory in arenas, up to eight for each core, and gives little of it back: what a first
//! reading of a cluster needed for a moment would stay. Two arenas are as fast here and 10 MiB smaller, and 15 to 30 MiB
//! more go back once all has been read.

/// Keeps this process and WebKit's, which it starts, to two arenas. Must be called before the program has started a
/// thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn keep_few_arenas() {
    const VARIABLE: &str = "MALLOC_ARENA_MAX";
    const ARENAS: i32 = 2;
    if std::env::var_os(VARIABLE).is_some() {
        return;
    }
    #[expect(unsafe_code, reason = "the C library has no other way to be told")]
    // SAFETY: the one other thread there may be gives freed memory back for WebKit's allocator, which starts it while its
    // library is loaded (2.50.6); it reads no environment and does not allocate from the C library.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, ARENAS);
        std::env::set_var(VARIABLE, ARENAS.to_string());
    }
}

/// Gives freed memory back to the system now and then, as long as the program runs: soon after the start, and each half
/// minute.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back_freed() {
    use std::time::Duration;

    const SOON: Duration = Duration::from_secs(2);
    const AGAIN: Duration = Duration::from_secs(30);
    let started = std::thread::Builder::new().name("memory".to_owned()).spawn(|| {
        std::thread::sleep(SOON);
        loop {
            #[expect(unsafe_code, reason = "the C library's own function")]
            // SAFETY: it may be called at any time, by any thread (malloc_trim(3)).
            unsafe {
                libc::malloc_trim(0);
            }
            std::thread::sleep(AGAIN);
        }
    });
    if let Err(error) = started {
        tracing::warn!(%error, "freed memory stays with the program");
    }
}

/// Other C libraries keep no such arenas.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_few_arenas() {}

/// Other C libraries give back what is freed.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back_freed() {}
