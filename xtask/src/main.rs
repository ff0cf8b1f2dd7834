//! The project's commands: `cargo xtask setup|run|test|bench|shots|gen`.
//!
//! It is plain Rust with next to no dependencies, because it runs before anything else builds, on a machine that may
//! have nothing but Rust. It knows the other packages by their names on disk only and links none of them.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on standard output"
)]

mod bench;
mod display;
mod generate;
mod icons;
mod launch;
mod process;
mod root;
mod setup;
mod shots;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask setup              install what building, running and testing need
cargo xtask run [-- ARGS]      open the app on the demo world, or with ARGS (e.g. --workspace FILE)
cargo xtask test [SUITE…]      run the tests: rust ui demo cluster desktop; without a suite, all
cargo xtask bench [NAME…]      measure side by side with the rivals; without a name, all
cargo xtask shots [NAME…]      photograph every screen of the app into target/shots
cargo xtask gen [--check]      regenerate TypeScript from the wire tables, and the icons from their source";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", arguments.as_slice()),
    };
    let outcome = match command {
        "setup" => setup::everything(),
        "run" => launch::run(after_separator(rest)),
        "test" => match test::run(rest) {
            Ok(outcome) => return outcome,
            Err(error) => Err(error),
        },
        "bench" => bench::run(rest),
        "shots" => shots::run(rest),
        "gen" => generate::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => {
            eprintln!("There is no command '{other}'. Choose one of:\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask {command}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// `cargo xtask run -- ARGS`: Cargo hands the separator on; the app must not see it.
fn after_separator(arguments: &[String]) -> &[String] {
    match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    }
}

#[cfg(test)]
mod tests {
    use super::after_separator;

    #[test]
    fn only_the_first_separator_is_dropped() {
        let given = ["--", "--workspace", "a.toml", "--"].map(String::from);
        assert_eq!(
            after_separator(&given),
            &given[1..],
            "what follows belongs to the app"
        );
        assert_eq!(
            after_separator(&given[1..2]),
            &given[1..2],
            "no separator is needed"
        );
    }
}
