//! A watch's answer line by line, with a limit on each and on the silence between them.

use std::pin::Pin;
use std::time::Duration;

use futures::{AsyncBufRead, AsyncBufReadExt as _};

use super::Shared;
use crate::client::{CONNECT_TIMEOUT, READ_TIMEOUT};
use crate::error::{Error, LayerError};

/// How long a watch is asked to last. A connection that died silently is noticed soon after: nobody may take what is shown
/// for live much longer than that.
pub(super) const WATCH_SECONDS: u64 = 30;

/// A server ends each watch before that: longer silence is that of a dead connection.
pub(super) const SILENCE: Duration = Duration::from_secs(WATCH_SECONDS + 10);

/// etcd takes objects of 1.5 MiB; in JSON they are a few times larger.
const LONGEST_LINE: usize = 32 << 20;

pub(super) struct Lines {
    stream: Pin<Box<dyn AsyncBufRead + Send>>,
    buffer: Vec<u8>,
    silence: Duration,
}

impl Lines {
    /// Sends the request and waits for its headers.
    pub(super) async fn open(
        shared: &Shared,
        what: &str,
        request: http::Request<Vec<u8>>,
    ) -> Result<Self, Error> {
        let opening = tokio::time::timeout(
            READ_TIMEOUT + CONNECT_TIMEOUT,
            shared.clients.watch.request_stream(request),
        );
        let stream = match opening.await {
            Ok(opened) => opened.map_err(|error| shared.clients.error(what, error))?,
            Err(_) => {
                let late = kube::Error::Service(LayerError::TimedOut(READ_TIMEOUT + CONNECT_TIMEOUT).into());
                return Err(shared.clients.error(what, late));
            }
        };
        Ok(Self {
            stream: Box::pin(stream),
            buffer: Vec::new(),
            silence: SILENCE,
        })
    }

    /// While the first events stream in, silence means that they will not come.
    pub(super) fn expect_within(&mut self, silence: Duration) {
        self.silence = silence;
    }

    /// The next whole line. `None`: the watch has ended, in order, by an error or by silence; what came of a line
    /// that broke off is dropped.
    pub(super) async fn next(&mut self) -> Option<&str> {
        self.buffer.clear();
        tokio::time::timeout(self.silence, read_line(&mut self.stream, &mut self.buffer))
            .await
            .ok()??;
        std::str::from_utf8(&self.buffer).ok()
    }
}

async fn read_line(stream: &mut Pin<Box<dyn AsyncBufRead + Send>>, buffer: &mut Vec<u8>) -> Option<()> {
    loop {
        let available = stream.fill_buf().await.ok()?;
        if available.is_empty() {
            return None;
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(available.len(), |at| at + 1);
        buffer.extend_from_slice(&available[..end.unwrap_or(taken)]);
        stream.consume_unpin(taken);
        match end {
            Some(_) if buffer.is_empty() => {}
            Some(_) => return Some(()),
            None if buffer.len() > LONGEST_LINE => return None,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::io::{AsyncReadExt as _, BufReader, Cursor};
    use tokio::time::Instant;

    use super::*;

    /// What the server sends, and then nothing: the connection stays open.
    fn lines(sent: &'static str) -> Lines {
        let open = futures::stream::pending::<std::io::Result<Vec<u8>>>();
        let stream = Cursor::new(sent).chain(futures::TryStreamExt::into_async_read(open));
        Lines {
            stream: Box::pin(BufReader::new(stream)),
            buffer: Vec::new(),
            silence: SILENCE,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_falls_silent_has_ended() {
        let mut lines = lines("{\"a\":1}\n\n{\"b\":2}\n{\"c\":");
        assert_eq!(lines.next().await, Some("{\"a\":1}"));
        assert_eq!(lines.next().await, Some("{\"b\":2}"));
        let begun = Instant::now();
        assert_eq!(lines.next().await, None, "what broke off is dropped");
        assert_eq!(begun.elapsed().as_secs(), SILENCE.as_secs());
        lines.expect_within(Duration::from_secs(10));
        let begun = Instant::now();
        assert_eq!(lines.next().await, None);
        assert_eq!(begun.elapsed().as_secs(), 10, "while the first events stream in");
    }
}
