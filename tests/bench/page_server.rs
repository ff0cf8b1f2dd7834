//! Serves the window's page on loopback, with the script that tells when the timeline has been drawn.
//!
//! As little HTTP as a browser needs: one thread and one answer a connection. With `tiny_http` Chromium now and then
//! waited for ever behind a connection that it kept.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use anyhow::{Context, Result};

use crate::start::WHEN_DRAWN;

/// Where the script says it.
const DRAWN: &str = "/drawn/";
const SCRIPT: &str = "/when-drawn.js";

/// The server; it ends with the program.
pub struct PageServer {
    address: SocketAddr,
    drawn: Receiver<f64>,
}

impl PageServer {
    pub fn start(page: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("the page cannot be served")?;
        let address = listener.local_addr()?;
        let (tell, drawn) = mpsc::channel();
        let page = page.to_path_buf();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (page, tell) = (page.clone(), tell.clone());
                // A browser that was ended no longer listens.
                thread::spawn(move || answer(connection, &page, &tell).unwrap_or_default());
            }
        });
        Ok(Self { address, drawn })
    }

    /// Without a slash at its end.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// When each page had drawn its lanes, in milliseconds since 1970.
    pub fn drawn(&self) -> &Receiver<f64> {
        &self.drawn
    }
}

fn answer(mut connection: TcpStream, page: &Path, tell: &Sender<f64>) -> io::Result<()> {
    let path = asked(&connection)?;
    if let Some(time) = path.strip_prefix(DRAWN).and_then(|time| f64::from_str(time).ok()) {
        // Whoever measures may have given up.
        let _ = tell.send(time);
    }
    let (status, bytes) = match content(page, &path) {
        Some(bytes) => ("200 OK", bytes),
        None => ("404 Not Found", Vec::new()),
    };
    let (kind, length) = (kind(&path), bytes.len());
    write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    connection.write_all(&bytes)
}

/// The path that is asked for; the head is read to its end.
fn asked(connection: &TcpStream) -> io::Result<String> {
    let mut lines = BufReader::new(connection).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    Ok(target.split('?').next().unwrap_or_default().to_owned())
}

fn content(page: &Path, path: &str) -> Option<Vec<u8>> {
    match path {
        SCRIPT => Some(format!("const done = (at) => fetch(`{DRAWN}${{at}}`); {WHEN_DRAWN}").into_bytes()),
        "/" => {
            let html = fs::read_to_string(page.join("index.html")).ok()?;
            let script = format!("<script src=\"{SCRIPT}\"></script></body>");
            Some(html.replace("</body>", &script).into_bytes())
        }
        path => {
            let inside: PathBuf = path
                .split('/')
                .filter(|part| !part.is_empty() && *part != "..")
                .collect();
            fs::read(page.join(inside)).ok()
        }
    }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "text/html; charset=utf-8",
    }
}
