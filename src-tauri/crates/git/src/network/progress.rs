//! The progress lines that `git` writes for people, as numbers.

/// A step of `git` and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The step in Git's words, for example `Receiving objects`.
    pub phase: String,
    /// 0 to 100.
    pub percent: u8,
}

/// Reads `Receiving objects:  45% (9/20), 1.2 MiB | 3 MiB/s` or the same after `remote: `.
pub(super) fn parse(line: &str) -> Option<Progress> {
    let line = line.strip_prefix("remote: ").unwrap_or(line);
    let (phase, rest) = line.split_once(':')?;
    let percent: u8 = rest.trim_start().split_once('%')?.0.parse().ok()?;
    (percent <= 100 && !phase.is_empty()).then(|| Progress {
        phase: phase.trim().to_owned(),
        percent,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_read_and_other_lines_are_not() {
        let progress = |phase: &str, percent| {
            Some(Progress {
                phase: phase.into(),
                percent,
            })
        };
        for (line, expected) in [
            (
                "Receiving objects:  45% (9/20), 1.2 MiB | 3.0 MiB/s",
                progress("Receiving objects", 45),
            ),
            (
                "remote: Counting objects: 100% (20/20), done.",
                progress("Counting objects", 100),
            ),
            ("Resolving deltas:   0% (0/3)", progress("Resolving deltas", 0)),
            ("remote: Enumerating objects: 5, done.", None),
            ("remote: 100% sure", None),
            ("x: 101% (1/1)", None),
            ("fatal: x", None),
            ("", None),
        ] {
            assert_eq!(parse(line), expected, "{line}");
        }
    }
}
