//! One control plane for a whole test binary.

use std::sync::LazyLock;

use super::control_plane::ControlPlane;

static SHARED: LazyLock<Result<ControlPlane, String>> =
    LazyLock::new(|| ControlPlane::start().map_err(|error| format!("{error:#}")));

/// The control plane that all tests of this binary share; the first caller starts it, which takes some
/// seconds, and the others wait. It ends with the process. Give each test a namespace of its own, and
/// use [`ControlPlane::start`] for a test that stops parts of it.
///
/// # Panics
/// When it cannot be built or started: then no test that needs it can say anything.
pub fn shared() -> &'static ControlPlane {
    SHARED
        .as_ref()
        .unwrap_or_else(|error| panic!("the control plane did not start: {error}"))
}
