//! How a picture is taken: theme, language and size, set as the settings screen sets them.

use std::fmt;

use anyhow::Result;
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
    /// How large text and all else is, in percent.
    pub zoom: u32,
}

impl Look {
    /// The one that the app has while it is driven.
    pub const DRIVEN: Self = Self {
        theme: Theme::Dark,
        language: Language::English,
        size: (1280, 800),
        zoom: 100,
    };

    /// As somebody reads it who needs it twice as large (design/ui.md).
    const ENLARGED: Self = Self {
        size: Self::DISPLAY,
        zoom: 200,
        ..Self::DRIVEN
    };

    /// The size of a display that holds every look.
    pub const DISPLAY: (u32, u32) = (1920, 1080);

    /// Both themes, both languages, at 1280 × 800 and 1920 × 1080; and once at 200 %.
    pub fn all() -> impl Iterator<Item = Self> {
        let sizes = [Self::DRIVEN.size, Self::DISPLAY].into_iter();
        let plain = sizes.flat_map(|size| {
            [Theme::Dark, Theme::Light].into_iter().flat_map(move |theme| {
                [Language::English, Language::Chinese].map(|language| Self {
                    theme,
                    language,
                    size,
                    zoom: 100,
                })
            })
        });
        plain.chain([Self::ENLARGED])
    }

    /// Gives the window this look, by its size and by the command of the settings screen, while it shows what it
    /// shows. Times are in UTC, so that pictures do not depend on where they were taken.
    pub fn apply(self, app: &App) -> Result<()> {
        let settings = json!({
            "theme": self.theme.word(), "language": self.language.word(),
            "timeZone": "utc", "singleLetterKeys": true,
            "zoom": f64::from(self.zoom) / 100.0,
        });
        app.told("settings_set", &settings)?;
        app.resize(self.size, self.zoom)?;
        let wanted = json!([self.theme.word(), self.language.tag()]);
        app.until("the look to be on", || {
            let body = "const { dataset, lang } = document.documentElement; return [dataset.theme, lang]";
            Ok(app.script(body, &[])? == wanted)
        })
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
        )?;
        if self.zoom == 100 {
            return Ok(());
        }
        write!(out, "-{}", self.zoom)
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

    /// As the document says it.
    fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }
}
