//! Hands tauri.conf.json and the capabilities to Tauri's code generation.

fn main() {
    // The code generation refuses a folder that is not there; the window's build fills it.
    if let Err(error) = std::fs::create_dir_all("../ui/dist") {
        println!("cargo::error=../ui/dist could not be made: {error}");
    }
    tauri_build::build();
}
