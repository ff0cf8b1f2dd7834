//! The demo world: sample repositories and an in-process cluster behind an ordinary kube client.
