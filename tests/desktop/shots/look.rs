//! How a picture is taken: theme, language and size, set as the settings screen sets them.

use std::fmt;

use anyhow::{Result, bail};
use serde_json::json;

use crate::desktop::App;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Dark,
    Light,
}

/// The window's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

/// One way to look at a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub theme: Theme,
    pub language: Language,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl Look {
    /// Both themes, both languages, at 1280 × 800 and 1920 × 1080.
    pub fn all() -> impl Iterator<Item = Self> {
        let sizes = [(1280, 800), (1920, 1080)].into_iter();
        sizes.flat_map(|size| {
            [Theme::Dark, Theme::Light].into_iter().flat_map(move |theme| {
                [Language::English, Language::Chinese].map(|language| Self {
                    theme,
                    language,
                    size,
                })
            })
        })
    }

    /// Sets it up by the command of the settings screen, and loads the page again. Times are shown in UTC, so that
    /// pictures do not depend on where they were taken.
    pub fn apply(self, app: &App) -> Result<()> {
        let settings = json!({
            "theme": self.theme.word(), "language": self.language.word(),
            "timeZone": "utc", "singleLetterKeys": true, "zoom": 1,
        });
        let body = "const [settings, done] = arguments;
            window.__TAURI_INTERNALS__.invoke('settings_set', { request: settings })
                .then(() => done('set'), (error) => done(JSON.stringify(error)));";
        let answer = app.script_async(body, &[settings])?;
        if answer != "set" {
            bail!("the settings were refused: {answer}");
        }
        app.reload()
    }
}

impl fmt::Display for Look {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = self.size;
        write!(
            out,
            "{}-{}-{width}x{height}",
            self.theme.word(),
            self.language.word()
        )
    }
}

impl Theme {
    fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

impl Language {
    fn word(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}
