//! The contract on the demo cluster: it does what the real control plane does, clause by clause.

mod reading;

use demo::cluster::{DemoCluster, Options};
use serde_json::json;
use tests::contract::Ground;

/// The namespace that each clause has, in a cluster of its own.
const NAMESPACE: &str = "contract";

async fn ground(clause: &str) -> Ground {
    let cluster = DemoCluster::start(clause, Options::quick());
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}});
    cluster
        .load(vec![namespace])
        .expect("because every cluster has namespaces");
    Ground {
        client: cluster.client(),
        namespace: NAMESPACE.to_owned(),
    }
}

tests::contract_tests!(ground);
