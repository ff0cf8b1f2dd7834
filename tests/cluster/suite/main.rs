//! What runs against the real control plane: the tests of the control plane itself, the contract, and
//! what the adapters do on a real server. Each file is a subject; add yours as a `mod`.

mod control_plane;
