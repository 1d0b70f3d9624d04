//! Asks for pages over connections that stay open, as a proxy in front does.

use super::fill;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1::{SendRequest, handshake},
    http::request::Builder,
};
use hyper_util::rt::TokioIo;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpStream, time::Instant};

/// What a sender writes.
const FIELDS: [(&str, &str); 6] = [
    ("name", "Bench Sender"),
    ("relation", "relative"),
    ("mail", "bench@example.org"),
    ("country", "cn"),
    ("consent", "care"),
    ("wanted", "0"),
];
/// As large as a photograph of a page.
const PHOTO: usize = 2 << 20;
const PIECE: usize = 1 << 20;

/// How long answers took, by what was asked for.
#[derive(Default)]
pub(crate) struct Times(Mutex<BTreeMap<&'static str, Vec<Duration>>>);

impl Times {
    fn add(&self, kind: &'static str, took: Duration) {
        self.0.lock().unwrap().entry(kind).or_default().push(took);
    }

    pub(crate) fn print(&self) {
        println!("| what | answers | median ms | p99 ms | longest ms |\n|---|---|---|---|---|");
        for (kind, times) in &mut *self.0.lock().unwrap() {
            times.sort_unstable();
            let at =
                |part: f64| times[((times.len() - 1) as f64 * part).round() as usize].as_secs_f64() * 1e3;
            println!("| {kind} | {} | {:.1} | {:.1} | {:.1} |", times.len(), at(0.5), at(0.99), at(1.0));
        }
    }
}

/// A browser of the department, and one of somebody who sends.
pub(crate) struct Client {
    address: String,
    cookie: String,
    times: Arc<Times>,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

impl Client {
    pub(crate) fn new(address: String, cookie: String, times: Arc<Times>) -> Self {
        Self { address, cookie, times, idle: Mutex::default() }
    }

    /// How much work waits, as the server tells whoever watches over it.
    pub(crate) async fn waiting(&self) -> String {
        let (_, text) = self.ask(self.request("GET", "/metrics").body(Full::default()).unwrap()).await;
        let text = String::from_utf8_lossy(&text).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix("cartulary_jobs_ready "));
        line.expect("the count of jobs").to_owned()
    }

    /// Asks for a page of the department.
    pub(crate) async fn page(&self, kind: &'static str, path: &str, due: Instant) {
        let request = self.request("GET", path).header("cookie", &self.cookie);
        let (status, _) = self.ask(request.body(Full::default()).unwrap()).await;
        let kind = if status == StatusCode::OK { kind } else { "refused" };
        self.times.add(kind, due.elapsed());
    }

    /// Sends a file of 2 MB in pieces, as the page does.
    pub(crate) async fn send(&self, number: u32) {
        let from = format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
        let request = |verb: &str, path: &str| self.request(verb, path).header("x-forwarded-for", &from);
        let photo = photo(number);
        let begun = Instant::now();
        let form = ("content-type", "application/x-www-form-urlencoded");
        let start = request("POST", "/send/begin").header(form.0, form.1);
        let (status, text) = self.ask(start.body(Full::default()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&text));
        let said: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let upload = said["upload"].as_str().unwrap();
        let mut offset = 0;
        while offset < PHOTO {
            let path = format!("/send/{upload}/0?name=photo.jpg&size={PHOTO}&offset={offset}");
            let piece = photo.slice(offset..offset + PIECE);
            let (status, _) = self.ask(request("PUT", &path).body(piece.into()).unwrap()).await;
            assert_eq!(status, StatusCode::OK);
            offset += PIECE;
        }
        let kept = Instant::now();
        let mut body = String::new();
        for (name, value) in FIELDS {
            body += &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--b--\r\n";
        let request = request("POST", &format!("/send/{upload}"))
            .header("content-type", "multipart/form-data; boundary=b");
        let (status, text) = self.ask(request.body(Full::from(body)).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&text));
        self.times.add("receipt of 2 MB, from the last button", kept.elapsed());
        self.times.add("receipt of 2 MB, transfer with it", begun.elapsed());
    }

    fn request(&self, verb: &str, path: &str) -> Builder {
        Request::builder()
            .method(verb)
            .uri(path)
            .header("host", &self.address)
            .header("accept-language", "en")
    }

    async fn ask(&self, request: Request<Full<Bytes>>) -> (StatusCode, Bytes) {
        let idle = self.idle.lock().unwrap().pop().filter(|connection| !connection.is_closed());
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.connect().await,
        };
        connection.ready().await.unwrap();
        let response: Response<Incoming> = connection.send_request(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        self.idle.lock().unwrap().push(connection);
        (status, body)
    }

    async fn connect(&self) -> SendRequest<Full<Bytes>> {
        let stream = TcpStream::connect(&self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        sender
    }
}

/// A photograph of this size, which no other is a copy of: what stands behind its end is not looked at.
fn photo(number: u32) -> Bytes {
    let photo = fill::photographs().into_iter().next().expect("the demo has photographs");
    let mut bytes = photo.to_vec();
    bytes.extend_from_slice(&number.to_be_bytes());
    bytes.resize(PHOTO, 0x55);
    bytes.into()
}
