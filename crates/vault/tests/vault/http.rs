//! The S3 server of the tests: started on a free port of this machine, and stopped with the test.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

pub(crate) struct Server {
    place: PathBuf,
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts it; says so and gives nothing where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let Some(place) = installed() else {
            let told = "no S3 server: run crates/vault/tests/s3-server to install it";
            assert!(std::env::var_os("S3_TESTS").is_none(), "{told}");
            skipped(told);
            return None;
        };
        let (child, address) = run(&place, "0");
        Some(Self { place, child, address })
    }

    pub(crate) fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it once more at the same address, empty.
    pub(crate) fn start_again(&mut self) {
        let port = self.address.rsplit_once(':').unwrap().1.to_owned();
        let (child, address) = run(&self.place, &port);
        assert_eq!(address, self.address);
        self.child = child;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[expect(clippy::print_stderr, reason = "a test that tests nothing must not be silent")]
fn skipped(told: &str) {
    eprintln!("SKIPPED, NOT TESTED: {told}");
}

/// The folder that the server was installed into.
fn installed() -> Option<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(here, PathBuf::from);
    Some(target.join("s3-server")).filter(|place| place.join("moto/server.py").exists())
}

/// Starts the server and waits until it tells its address.
fn run(place: &PathBuf, port: &str) -> (Child, String) {
    let mut child = Command::new("python3")
        .env("PYTHONPATH", place)
        .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", port])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    let address = loop {
        line.clear();
        assert_ne!(told.read_line(&mut line).unwrap(), 0, "the S3 server ended");
        if let Some((_, address)) = line.split_once("Running on http://") {
            break address.trim().to_owned();
        }
    };
    // Whoever does not read lets it wait at a full pipe.
    std::thread::spawn(move || drop(std::io::copy(&mut told, &mut std::io::sink())));
    (child, address)
}

/// Puts a bucket or an object there as somebody else would; the status of the answer.
pub(crate) fn put(address: &str, path: &str, body: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    // The server looks whether there is a signature, not at it.
    let signature =
        "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {signature}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer);
    text.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap()
}
