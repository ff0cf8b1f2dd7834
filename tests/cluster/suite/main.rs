//! What runs against the real control plane: the tests of the control plane itself, the contract, and
//! what the adapters do on a real server. Each file is a subject; add yours as a `mod`.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod contract;
mod control_plane;
mod reading;
mod server_side_apply;
