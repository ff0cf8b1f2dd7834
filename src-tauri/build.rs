//! Hands tauri.conf.json and the capabilities to Tauri's code generation.
fn main() {
    tauri_build::build();
}
