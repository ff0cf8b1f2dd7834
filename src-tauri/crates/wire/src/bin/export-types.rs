//! Writes the generated TypeScript, or with `--check` says whether the file is what would be written.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/ipc/generated/wire.ts");
    let text = wire::typescript::generate();
    if std::env::args().any(|argument| argument == "--check") {
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        if current == text {
            return ExitCode::SUCCESS;
        }
        eprintln!("{} is stale: run `cargo xtask gen` and commit it", path.display());
        return ExitCode::FAILURE;
    }
    let folder = path.parent().expect("the path has a folder");
    if let Err(error) = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text)) {
        eprintln!("{}: {error}", path.display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
