//! The built app, driven as a person would drive it: a real window on a display of its own, by real pointer and key
//! events, through WebKit's own WebDriver.
//!
//! Each [`App`] has its own display, session bus, driver and home folder, so tests run beside each other and see
//! nothing of the machine they run on. Every process ends with the [`App`], with the test's thread, and with the test
//! program, however these end.

mod app;
mod browser;
mod child;
mod console;
mod desk;
mod element;
mod home;
mod journey;
mod keys;
mod picture;
mod pointer;
pub mod processes;
mod protocol;
mod role;
mod served;
pub mod shots;

pub use app::{App, Options};
pub use child::OwnedChild;
pub use element::Element;
pub use home::Home;
pub use journey::SHEET;
pub use keys::Key;
pub use picture::Picture;
pub use pointer::{Point, Wheel};
pub use role::Role;
pub use served::ServedWorld;
