//! Serves the window's page on loopback, with the script that tells when the timeline has been drawn.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use anyhow::{Result, anyhow};
use tiny_http::{Header, Request, Response, Server};

use crate::start::WHEN_DRAWN;

/// Where the script says it.
const DRAWN: &str = "/drawn/";
/// A browser leaves an answer half read while it waits for another: so many are given at once.
const AT_ONCE: usize = 16;
const SCRIPT: &str = "/when-drawn.js";

/// The server; it ends when this is dropped.
pub struct PageServer {
    server: Arc<Server>,
    address: String,
    drawn: Receiver<f64>,
}

impl PageServer {
    pub fn start(page: &Path) -> Result<Self> {
        let server =
            Server::http("127.0.0.1:0").map_err(|error| anyhow!("the page cannot be served: {error}"))?;
        let server = Arc::new(server);
        let address = format!("http://{}", server.server_addr());
        let (tell, drawn) = mpsc::channel();
        for _ in 0..AT_ONCE {
            let (page, serving, tell) = (page.to_path_buf(), Arc::clone(&server), tell.clone());
            thread::spawn(move || {
                for request in serving.incoming_requests() {
                    // A browser that was ended no longer listens.
                    let _ = answer(request, &page, &tell);
                }
            });
        }
        Ok(Self {
            server,
            address,
            drawn,
        })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// When each page had drawn its lanes, in milliseconds since 1970.
    pub fn drawn(&self) -> &Receiver<f64> {
        &self.drawn
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        (0..AT_ONCE).for_each(|_| self.server.unblock());
    }
}

fn answer(request: Request, page: &Path, tell: &Sender<f64>) -> std::io::Result<()> {
    let path = request.url().split('?').next().unwrap_or_default().to_owned();
    if let Some(time) = path.strip_prefix(DRAWN).and_then(|time| f64::from_str(time).ok()) {
        // Whoever measures may have given up.
        let _ = tell.send(time);
        return request.respond(Response::empty(204));
    }
    match content(page, &path) {
        Some(bytes) => request.respond(Response::from_data(bytes).with_header(kind(&path))),
        None => request.respond(Response::empty(404)),
    }
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

fn kind(path: &str) -> Header {
    let kind = match path.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "text/html; charset=utf-8",
    };
    Header::from_bytes("Content-Type", kind).expect("because these are plain words")
}
