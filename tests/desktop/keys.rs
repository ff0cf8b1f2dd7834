//! Keys by the names that people use, as the protocol writes them (W3C WebDriver, section 17.4.2).

use anyhow::{Result, anyhow};
use serde_json::{Value, json};

/// A key that writes no letter. Letters and signs are themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Backspace,
    Tab,
    Enter,
    Shift,
    Control,
    Alt,
    Escape,
    Space,
    PageUp,
    PageDown,
    End,
    Home,
    ArrowLeft,
    ArrowUp,
    ArrowRight,
    ArrowDown,
    Delete,
    F6,
    F10,
}

impl Key {
    const NAMED: [(&'static str, Self); 19] = [
        ("Backspace", Self::Backspace),
        ("Tab", Self::Tab),
        ("Enter", Self::Enter),
        ("Shift", Self::Shift),
        ("Control", Self::Control),
        ("Alt", Self::Alt),
        ("Escape", Self::Escape),
        ("Space", Self::Space),
        ("PageUp", Self::PageUp),
        ("PageDown", Self::PageDown),
        ("End", Self::End),
        ("Home", Self::Home),
        ("ArrowLeft", Self::ArrowLeft),
        ("ArrowUp", Self::ArrowUp),
        ("ArrowRight", Self::ArrowRight),
        ("ArrowDown", Self::ArrowDown),
        ("Delete", Self::Delete),
        ("F6", Self::F6),
        ("F10", Self::F10),
    ];

    fn sign(self) -> char {
        match self {
            Self::Backspace => '\u{E003}',
            Self::Tab => '\u{E004}',
            Self::Enter => '\u{E007}',
            Self::Shift => '\u{E008}',
            Self::Control => '\u{E009}',
            Self::Alt => '\u{E00A}',
            Self::Escape => '\u{E00C}',
            Self::Space => ' ',
            Self::PageUp => '\u{E00E}',
            Self::PageDown => '\u{E00F}',
            Self::End => '\u{E010}',
            Self::Home => '\u{E011}',
            Self::ArrowLeft => '\u{E012}',
            Self::ArrowUp => '\u{E013}',
            Self::ArrowRight => '\u{E014}',
            Self::ArrowDown => '\u{E015}',
            Self::Delete => '\u{E017}',
            Self::F6 => '\u{E036}',
            Self::F10 => '\u{E03A}',
        }
    }
}

/// The signs of a chord such as `Control+Shift+k`, `Enter` or `+`, in the order in which they go down.
pub(super) fn chord(text: &str) -> Result<Vec<char>> {
    if text == "+" {
        return Ok(vec!['+']);
    }
    text.split('+').map(sign).collect()
}

fn sign(name: &str) -> Result<char> {
    if let Some((_, key)) = Key::NAMED.iter().find(|(known, _)| *known == name) {
        return Ok(key.sign());
    }
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(letter),
        _ => Err(anyhow!("there is no key '{name}'")),
    }
}

/// All keys down in order, a pause, all up in reverse.
pub(super) fn press(chord: &[char], held_for_ms: u64) -> Value {
    let down = chord
        .iter()
        .map(|sign| json!({ "type": "keyDown", "value": sign.to_string() }));
    let pause = std::iter::once(json!({ "type": "pause", "duration": held_for_ms }));
    let up = chord
        .iter()
        .rev()
        .map(|sign| json!({ "type": "keyUp", "value": sign.to_string() }));
    source(down.chain(pause).chain(up).collect())
}

/// The letters one after the other.
pub(super) fn write(text: &str) -> Value {
    let strokes = text.chars().flat_map(|letter| {
        // No key writes a line break but Enter.
        let letter = if letter == '\n' { Key::Enter.sign() } else { letter };
        ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": letter.to_string() }))
    });
    source(strokes.collect())
}

fn source(actions: Vec<Value>) -> Value {
    json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] })
}

#[cfg(test)]
mod tests {
    use super::chord;

    #[test]
    fn chords_are_read_as_they_are_written_on_screen() {
        assert_eq!(chord("Control+k").unwrap(), ['\u{E009}', 'k']);
        assert_eq!(chord("+").unwrap(), ['+'], "the sign itself is a key");
        assert!(chord("Ctrl+k").is_err(), "a misspelt key is not typed as letters");
    }
}
