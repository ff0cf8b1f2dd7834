//! The command line: where the data lies, and what to open first.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What a person asked for on the command line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments {
    /// Open the demo world.
    pub demo: bool,
    /// Open this `tidemark.toml`.
    pub workspace: Option<PathBuf>,
    /// Keep the ledger, settings and logs here instead of the platform's data folder.
    pub data_dir: Option<PathBuf>,
    /// Run the in-process cluster of the demo this many times faster: for tests and pictures.
    pub demo_speed: Option<f64>,
    /// Answer this, and open nothing.
    pub question: Option<Question>,
}

/// What a person asks the program itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// `--help`
    Usage,
    /// `--version`
    Version,
}

impl Question {
    /// What is printed.
    pub fn answer(self) -> &'static str {
        match self {
            Self::Usage => USAGE,
            Self::Version => concat!("tidemark ", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// What is said for `--help`, and after a mistake.
pub const USAGE: &str = "\
usage: tidemark [--demo [--demo-speed FACTOR]] [--workspace FILE] [--data-dir FOLDER]
       tidemark --help | --version";

impl Arguments {
    /// Reads the arguments after the program's name, given in this folder; the error says which one is wrong.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>, folder: &Path) -> Result<Self, String> {
        let mut parsed = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or(format!("{} needs a value", argument.display()))
            };
            match argument.to_str() {
                Some("--demo") => parsed.demo = true,
                Some("--workspace") => parsed.workspace = Some(folder.join(value()?)),
                Some("--data-dir") => parsed.data_dir = Some(folder.join(value()?)),
                Some("--help" | "-h") => return Ok(Self::asking(Question::Usage)),
                Some("--version" | "-V") => return Ok(Self::asking(Question::Version)),
                Some("--demo-speed") => parsed.demo_speed = Some(factor(&value()?)?),
                Some(_) | None => return Err(format!("{} is no argument of tidemark", argument.display())),
            }
        }
        if parsed.demo && parsed.workspace.is_some() {
            return Err("--demo and --workspace exclude each other".to_owned());
        }
        Ok(parsed)
    }

    fn asking(question: Question) -> Self {
        Self {
            question: Some(question),
            ..Self::default()
        }
    }
}

fn factor(text: &OsString) -> Result<f64, String> {
    text.to_str()
        .and_then(|text| text.parse().ok())
        .filter(|factor: &f64| factor.is_finite() && *factor > 0.0)
        .ok_or(format!(
            "--demo-speed needs a number above 0, not {}",
            text.display()
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Arguments, String> {
        Arguments::parse(words.iter().map(OsString::from), Path::new("/home/lena"))
    }

    #[test]
    fn what_is_asked_for_is_read() {
        let arguments = parse(&["--demo", "--data-dir", "/tmp/data", "--demo-speed", "4"]).unwrap();
        assert!(arguments.demo);
        assert_eq!(arguments.data_dir, Some(PathBuf::from("/tmp/data")));
        assert_eq!(arguments.demo_speed, Some(4.0));
    }

    #[test]
    fn a_path_is_read_from_the_folder_in_which_it_was_typed() {
        let workspace = |word| parse(&["--workspace", word]).unwrap().workspace;
        assert_eq!(
            workspace("shop/tidemark.toml"),
            Some("/home/lena/shop/tidemark.toml".into())
        );
        assert_eq!(workspace("/srv/tidemark.toml"), Some("/srv/tidemark.toml".into()));
    }

    #[test]
    fn a_question_is_answered_whatever_else_is_said() {
        for (words, begin) in [
            (&["--help"][..], "usage: tidemark "),
            (&["--demo", "-h", "--nonsense"], "usage: tidemark "),
            (&["--version"], concat!("tidemark ", env!("CARGO_PKG_VERSION"))),
            (&["-V"], "tidemark "),
        ] {
            let question = parse(words).unwrap().question.unwrap();
            assert!(question.answer().starts_with(begin), "{words:?}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for words in [
            &["--workspace"][..],
            &["--nonsense"],
            &["--demo", "--workspace", "a.toml"],
            &["--demo-speed", "0"],
            &["--demo-speed", "fast"],
        ] {
            assert!(parse(words).is_err(), "{words:?} must be refused");
        }
    }
}
