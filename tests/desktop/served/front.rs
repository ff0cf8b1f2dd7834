//! A door of plain HTTP/1.1 to a cluster of the demo, on the loopback interface: the app reaches it by a kubeconfig,
//! as it reaches any other. Closing it is what a network that went away looks like.

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow, bail};
use http_body_util::BodyExt;
use kube::client::Body;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// The open door; it closes when this is dropped.
#[derive(Debug)]
pub(super) struct Front {
    server: String,
    door: AbortHandle,
}

impl Front {
    /// Opens a door through which this client's cluster answers.
    pub async fn open(client: kube::Client) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = format!("http://{}", listener.local_addr()?);
        let door = tokio::spawn(accept(listener, client)).abort_handle();
        Ok(Self { server, door })
    }

    /// What a kubeconfig names as the server.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Breaks what is open and refuses what comes.
    pub fn close(&self) {
        self.door.abort();
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.close();
    }
}

/// Listener and connections end with the task that runs this.
async fn accept(listener: TcpListener, client: kube::Client) {
    let mut connections = JoinSet::new();
    while let Ok((connection, _)) = listener.accept().await {
        connections.spawn(serve(connection, client.clone()));
        while connections.try_join_next().is_some() {}
    }
}

/// Answers the requests of one connection, one after the other, until it ends.
async fn serve(mut connection: TcpStream, client: kube::Client) -> Result<()> {
    connection.set_nodelay(true)?;
    let (reader, mut writer) = connection.split();
    let mut reader = BufReader::new(reader);
    while let Some(request) = read(&mut reader).await? {
        let answer = client.send(request).await?;
        answer_with(&mut writer, answer).await?;
    }
    Ok(())
}

/// The next request, or `None` when the connection has ended between two.
async fn read(reader: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<http::Request<Body>>> {
    let mut line = String::new();
    if reader.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        bail!("no request line: {line}");
    };
    let mut request = http::Request::builder().method(method).uri(target);
    let headers = headers(reader).await?;
    for (name, value) in &headers {
        request = request.header(name, value);
    }
    let length = headers.get("content-length").map_or(Ok(0), |text| text.parse())?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await?;
    Ok(Some(request.body(Body::from(body))?))
}

async fn headers(reader: &mut (impl AsyncBufRead + Unpin)) -> Result<HashMap<String, String>> {
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).await?;
        let line = line.trim_end();
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line.split_once(':').ok_or_else(|| anyhow!("no header: {line}"))?;
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
}

/// Each piece goes out as a chunk of its own at once: a watch is heard as it speaks.
async fn answer_with(out: &mut (impl AsyncWrite + Unpin), answer: http::Response<Body>) -> Result<()> {
    let (parts, mut body) = answer.into_parts();
    let mut head = format!("HTTP/1.1 {}\r\n", parts.status);
    for (name, value) in &parts.headers {
        head += &format!("{name}: {}\r\n", value.to_str()?);
    }
    head += "transfer-encoding: chunked\r\n\r\n";
    out.write_all(head.as_bytes()).await?;
    while let Some(frame) = body.frame().await {
        let frame = frame.context("the cluster's answer broke off")?;
        if let Some(data) = frame.data_ref().filter(|data| !data.is_empty()) {
            let mut chunk = format!("{:x}\r\n", data.len()).into_bytes();
            chunk.extend_from_slice(data);
            chunk.extend_from_slice(b"\r\n");
            out.write_all(&chunk).await?;
        }
    }
    out.write_all(b"0\r\n\r\n").await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[tokio::test]
    async fn requests_are_read_one_after_the_other() {
        let text =
            "GET /api?limit=5 HTTP/1.1\r\nHost: x\r\n\r\nPATCH /apis HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        let mut reader = text.as_bytes();
        let first = read(&mut reader).await.unwrap().unwrap();
        assert_eq!(
            (first.method().as_str(), first.uri().to_string()),
            ("GET", "/api?limit=5".into())
        );
        let second = read(&mut reader).await.unwrap().unwrap();
        assert_eq!(second.headers()["content-length"], "2");
        assert!(
            read(&mut reader).await.unwrap().is_none(),
            "and then the connection has ended"
        );
    }
}
