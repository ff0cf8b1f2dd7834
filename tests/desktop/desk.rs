//! What a desktop does with a window from outside: whether it is there, and the cross in its frame. (The tests' display
//! has no window manager.)

use std::process::Command;

use anyhow::{Context, Result, anyhow};
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt, EventMask};

/// The window's title, whole.
const TITLE: &str = "^Tidemark$";

/// Whether the window is shown on this display.
pub(super) fn is_there(display: &str) -> Result<bool> {
    Ok(find(display)?.is_some())
}

/// Sends the message that a window manager sends when its cross is pressed (ICCCM, section 4.2.8.1).
pub(super) fn ask_to_close(display: &str) -> Result<()> {
    let window = find(display)?.ok_or_else(|| anyhow!("there is no window to close"))?;
    let (connection, _) = x11rb::connect(Some(display)).context("connecting to the display")?;
    let atom = |name: &[u8]| -> Result<u32> { Ok(connection.intern_atom(false, name)?.reply()?.atom) };
    let data = [atom(b"WM_DELETE_WINDOW")?, 0, 0, 0, 0];
    let event = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS")?, data);
    connection.send_event(false, window, EventMask::NO_EVENT, event)?;
    // An answer proves that the display has read the event: what a connection leaves unread may be dropped with it.
    connection.get_input_focus()?.reply()?;
    Ok(())
}

fn find(display: &str) -> Result<Option<u32>> {
    let output = Command::new("xdotool")
        .args(["search", "--onlyvisible", "--name", TITLE])
        .env("DISPLAY", display)
        .output()
        .context("could not start xdotool")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().next().and_then(|id| id.trim().parse().ok()))
}
