//! The contract on a real control plane.

use tests::cluster::{Person, shared};
use tests::contract::Ground;

async fn ground(_clause: &str) -> Ground {
    let control_plane = shared();
    Ground {
        client: control_plane.client_for(Person::Admin).await.unwrap(),
        namespace: control_plane.namespace("contract").await.unwrap(),
    }
}

tests::contract_tests!(ground);
