//! Percent-encoding of values in paths and queries (RFC 3986, unreserved characters kept).

use std::fmt::Write as _;

/// The text as one value.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => write!(out, "%{byte:02X}").expect("because writing to a String never fails"),
        }
    }
    out
}
