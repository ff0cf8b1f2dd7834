//! The C library keeps freed memory in arenas, up to eight for each core; threads that allocate at the start, and rest
//! then, leave them half empty. Two are as fast here and 10 MiB smaller.

/// Keeps this process and WebKit's, which it starts, to two arenas. Must be called before anything has started a thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn keep_few_arenas() {
    const VARIABLE: &str = "MALLOC_ARENA_MAX";
    const ARENAS: i32 = 2;
    if std::env::var_os(VARIABLE).is_some() {
        return;
    }
    #[expect(unsafe_code, reason = "the C library has no other way to be told")]
    // SAFETY: no other thread runs that could allocate or read the environment meanwhile.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, ARENAS);
        std::env::set_var(VARIABLE, ARENAS.to_string());
    }
}

/// Other C libraries keep no such arenas.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_few_arenas() {}
