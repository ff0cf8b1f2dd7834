//! What the acceptance tests share: a started backend, a repository, a place where a service runs, gestures.

pub mod app;
pub mod columns;
pub mod demo_stage;
pub mod gestures;
pub mod repository;
pub mod sample_world;
pub mod stage;

pub use app::App;
pub use demo_stage::DemoStage;
pub use gestures::Answers;
pub use repository::Repository;
pub use stage::{Care, Stage};
