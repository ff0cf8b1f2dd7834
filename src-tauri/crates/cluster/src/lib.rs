//! Reads and changes Kubernetes clusters: contexts, watches, history, dry runs, patches, progress.
