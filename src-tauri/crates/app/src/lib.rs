//! The use cases, one file each, over Git, the cluster and the ledger. Knows nothing of Tauri.
