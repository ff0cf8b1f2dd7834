//! Durations as the workspace file writes them: `20s`, `5m`, `24h`, `9d`, or several in a row: `1h30m`.

use std::time::Duration;

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads a duration; `None` when it is none, is zero, or exceeds a year.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut seconds: u64 = 0;
    let mut number = String::new();
    for character in text.chars() {
        if character.is_ascii_digit() {
            number.push(character);
            continue;
        }
        let (_, unit) = UNITS.into_iter().find(|(letter, _)| *letter == character)?;
        seconds = number
            .parse::<u64>()
            .ok()?
            .checked_mul(unit)?
            .checked_add(seconds)?;
        number.clear();
    }
    let whole = number.is_empty() && (1..=365 * 86_400).contains(&seconds);
    whole.then_some(Duration::from_secs(seconds))
}

/// Writes a duration in its largest whole units.
pub fn write_duration(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    let mut text = String::new();
    for (letter, unit) in UNITS {
        if rest >= unit {
            text.push_str(&format!("{}{letter}", rest / unit));
            rest %= unit;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_and_write() {
        for (text, seconds) in [
            ("5m", 300),
            ("24h", 86_400),
            ("20s", 20),
            ("1h30m", 5_400),
            ("9d", 777_600),
        ] {
            assert_eq!(parse_duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(write_duration(Duration::from_secs(5_400)), "1h30m");
        assert_eq!(write_duration(Duration::from_secs(86_400)), "1d");
        for text in [
            "",
            "5",
            "m",
            "0s",
            "5 m",
            "-1h",
            "9999999999999999999d",
            "400d",
            "1.5h",
        ] {
            assert_eq!(parse_duration(text), None, "{text} is no duration");
        }
    }
}
