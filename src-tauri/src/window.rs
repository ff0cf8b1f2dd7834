//! The one window: how it opens, closes and comes back.

use std::time::{Duration, Instant};

use tauri::Theme as SystemTheme;
use tauri::window::Color;
use tauri::{
    AppHandle, LogicalSize, Manager, Monitor, PhysicalSize, Runtime, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};
use wire::settings::Theme;

use crate::Started;

/// The window's label.
pub const MAIN: &str = "main";
/// How large the window is at first, where the screen has room for it.
const WANTED: LogicalSize<f64> = LogicalSize::new(1440.0, 900.0);
/// So long a size is one that the window opens with, not one that a person gave it.
const OPENING: Duration = Duration::from_secs(2);
/// `--surface-0` of `tokens.css`, dark and light: what is seen until the page is drawn.
const DARK: Color = Color(0x0A, 0x0C, 0x10, 0xFF);
const LIGHT: Color = Color(0xFF, 0xFF, 0xFF, 0xFF);

/// Opens the window. It is shown when it has the theme's colour and fits the screen.
pub fn open<R: Runtime>(handle: &AppHandle<R>) -> tauri::Result<()> {
    let theme = theme(handle);
    let size = handle
        .primary_monitor()?
        .map_or(WANTED, |screen| within(WANTED, room(&screen)));
    let window = WebviewWindowBuilder::new(handle, MAIN, WebviewUrl::default())
        .title("Tidemark")
        .inner_size(size.width, size.height)
        .min_inner_size(960.0, 600.0)
        .visible(false)
        .initialization_script(first_theme(theme))
        .build()?;
    window.set_background_color(Some(colour(theme, system_theme(&window))))?;
    window.show()?;
    tell_the_driver(&window);
    shrink_while_it_opens(&window);
    let handle = handle.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && operation_runs(&handle)
        {
            // The backend owns the operation: the process lives until it has ended.
            api.prevent_close();
            hide(&handle);
            end_when_idle(handle.clone());
        }
    });
    Ok(())
}

fn theme<R: Runtime>(handle: &AppHandle<R>) -> Theme {
    let started = handle.state::<Started>();
    started.as_ref().map_or(Theme::System, |backend| backend.theme())
}

fn colour(chosen: Theme, system: SystemTheme) -> Color {
    match (chosen, system) {
        (Theme::Light, _) | (Theme::System, SystemTheme::Light) => LIGHT,
        (Theme::Dark | Theme::System, _) => DARK,
    }
}

/// What the page will hear of the desktop's theme, asked as WebKitGTK asks for it.
#[cfg(target_os = "linux")]
fn system_theme<R: Runtime>(_window: &WebviewWindow<R>) -> SystemTheme {
    use gtk::prelude::GtkSettingsExt;

    let is_dark = |name: &str| ["-dark", "-Dark", ":dark"].iter().any(|end| name.ends_with(end));
    let dark = match std::env::var("GTK_THEME") {
        Ok(name) => is_dark(&name),
        Err(_) => gtk::Settings::default().is_some_and(|settings| {
            settings.is_gtk_application_prefer_dark_theme()
                || settings.gtk_theme_name().is_some_and(|name| is_dark(&name))
        }),
    };
    if dark {
        SystemTheme::Dark
    } else {
        SystemTheme::Light
    }
}

#[cfg(not(target_os = "linux"))]
fn system_theme<R: Runtime>(window: &WebviewWindow<R>) -> SystemTheme {
    window.theme().unwrap_or(SystemTheme::Dark)
}

/// Gives the page its theme before anything of it is drawn.
fn first_theme(chosen: Theme) -> &'static str {
    match chosen {
        Theme::Dark => "document.documentElement.dataset.theme = 'dark'",
        Theme::Light => "document.documentElement.dataset.theme = 'light'",
        Theme::System => {
            "document.documentElement.dataset.theme = \
             matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'"
        }
    }
}

/// What a window may fill of a screen, without the desktop's own bars.
fn room(screen: &Monitor) -> LogicalSize<f64> {
    screen.work_area().size.to_logical(screen.scale_factor())
}

fn within(wanted: LogicalSize<f64>, room: LogicalSize<f64>) -> LogicalSize<f64> {
    LogicalSize::new(wanted.width.min(room.width), wanted.height.min(room.height))
}

/// The size of the last time, which comes after the window, may be that of a larger screen.
fn shrink_while_it_opens<R: Runtime>(window: &WebviewWindow<R>) {
    let (opened, own) = (Instant::now(), window.clone());
    window.on_window_event(move |event| {
        if let WindowEvent::Resized(size) = event
            && opened.elapsed() < OPENING
            && let Err(error) = shrink_to_screen(&own, *size)
        {
            tracing::warn!(%error, "the window could not be fitted to the screen");
        }
    });
}

fn shrink_to_screen<R: Runtime>(window: &WebviewWindow<R>, size: PhysicalSize<u32>) -> tauri::Result<()> {
    let Some(screen) = window.current_monitor()? else {
        return Ok(());
    };
    let size = size.to_logical(screen.scale_factor());
    let fitting = within(size, room(&screen));
    if fitting != size {
        window.set_size(fitting)?;
    }
    Ok(())
}

/// Brings the window to the front, as a second start does.
pub fn show<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(window) = handle.get_webview_window(MAIN) {
        let shown = window
            .show()
            .and_then(|()| window.unminimize())
            .and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window could not be brought to the front");
        }
    }
}

fn operation_runs<R: Runtime>(handle: &AppHandle<R>) -> bool {
    let started = handle.state::<Started>();
    started.as_ref().is_ok_and(|backend| backend.operation_runs())
}

fn hide<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(window) = handle.get_webview_window(MAIN)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window could not be hidden");
    }
}

/// Ends the process once no operation runs, unless somebody has opened the window again.
fn end_when_idle<R: Runtime>(handle: AppHandle<R>) {
    tauri::async_runtime::spawn(async move {
        while operation_runs(&handle) {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        // Long enough for the notice about the operation's end to go out.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let hidden = handle
            .get_webview_window(MAIN)
            .is_none_or(|window| !window.is_visible().unwrap_or(true));
        if hidden {
            handle.exit(0);
        }
    });
}

/// A driven window hands its console to standard output, where the driver's tests look for complaints.
#[cfg(target_os = "linux")]
fn tell_the_driver<R: Runtime>(window: &WebviewWindow<R>) {
    use webkit2gtk::{SettingsExt, WebViewExt};

    if std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_none() {
        return;
    }
    let asked = window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_enable_write_console_messages_to_stdout(true);
        }
    });
    if let Err(error) = asked {
        tracing::warn!(%error, "the console is not written out");
    }
}

#[cfg(not(target_os = "linux"))]
fn tell_the_driver<R: Runtime>(_window: &WebviewWindow<R>) {}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = include_str!("../../ui/src/shared/styles/tokens.css");

    #[test]
    fn what_is_seen_before_the_page_is_the_page_s_own_ground() {
        let mut grounds = TOKENS
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--surface-0: "));
        let css = |Color(red, green, blue, _)| format!("#{red:02x}{green:02x}{blue:02x};");
        for (theme, name) in [(DARK, "dark"), (LIGHT, "light")] {
            let ground = grounds.next().map(str::to_lowercase);
            assert_eq!(ground, Some(css(theme)), "{name}");
        }
    }

    #[test]
    fn a_chosen_theme_counts_before_the_system_s() {
        assert_eq!(colour(Theme::Dark, SystemTheme::Light), DARK);
        assert_eq!(colour(Theme::Light, SystemTheme::Dark), LIGHT);
        assert_eq!(colour(Theme::System, SystemTheme::Light), LIGHT);
        assert_eq!(colour(Theme::System, SystemTheme::Dark), DARK);
    }

    #[test]
    fn the_window_is_no_larger_than_the_screen() {
        let laptop = LogicalSize::new(1280.0, 770.0);
        assert_eq!(within(WANTED, laptop), laptop);
        assert_eq!(within(WANTED, LogicalSize::new(2560.0, 1400.0)), WANTED);
        assert_eq!(
            within(WANTED, LogicalSize::new(2560.0, 800.0)),
            LogicalSize::new(1440.0, 800.0)
        );
    }
}
