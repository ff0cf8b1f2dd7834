//! The control plane does what the other tests rely on.

use tests::cluster::shared;

#[tokio::test]
async fn every_process_lives() {
    shared().assert_alive().unwrap();
}
