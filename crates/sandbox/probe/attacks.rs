//! What the child of the tests does: escapes, and misbehaviour towards its parent.

use crate::escapes;
use cartulary_sandbox::{Outlet, Work};
use sha2::{Digest, Sha256};
use std::hint::black_box;
use std::time::Duration;

/// Carries out the probe that is named in the order.
pub(crate) struct Probes;

impl Work for Probes {
    fn prepare(&mut self, _heavy: bool) {}

    fn run(&mut self, order: &[u8], input: Vec<u8>, outlet: &Outlet) {
        let name = String::from_utf8_lossy(order).into_owned();
        if name.starts_with('{') {
            return play(&name, &input, outlet);
        }
        if let Some(escape) = escapes::find(&name) {
            outlet.send(b'T', b"tried");
            let outcome = match escape() {
                Ok(()) => "escaped".to_owned(),
                Err(error) => format!("refused: {error}"),
            };
            outlet.send(b'O', outcome.as_bytes());
            return;
        }
        match name.as_str() {
            "echo" => outlet.send(b'E', &input),
            "look around" => outlet.send(b'E', look_around().as_bytes()),
            "threads" => outlet.send(b'E', threads().to_string().as_bytes()),
            "spin" => spin(),
            "sleep" => std::thread::sleep(Duration::from_secs(600)),
            "allocate" => outlet.send(b'E', &[black_box(vec![1_u8; 4 << 30])[7]]),
            "creep" => creep(),
            "overflow" => outlet.send(b'E', &[overflow(0) as u8]),
            "panic" => panic!("a parser panics"),
            "abort" => std::process::abort(),
            "garbage" => outlet.send_raw(&[0xff; 100_000]),
            "endless" => loop {
                outlet.send_raw(&[0x50, 0xff, 0xff, 0x7f, 0x00]);
            },
            "long frames" => loop {
                outlet.send(b'P', &vec![b' '; 4 << 20]);
            },
            "too long a frame" => outlet.send_raw(&[b'P', 0, 0, 0, 0x10]),
            "half a frame" => outlet.send_raw(&[b'P', 100, 0, 0, 0, b'{']),
            "silence" => {}
            _ => {}
        }
    }
}

/// Says that it cannot be locked in, in the hope that somebody then reads without a lock.
fn plead(outlet: &Outlet) {
    outlet.send(b'X', b"the lock is broken");
    std::process::exit(91);
}

/// Plays a reader as the input says: a section for each order, a frame on each line, or an act after `!`.
///
/// A section is headed by the document and page from which the parent wants to be read to, and by how much it risks.
/// `$SHA` in a frame stands for the digest of the input.
fn play(order: &str, input: &[u8], outlet: &Outlet) {
    let script = String::from_utf8_lossy(input);
    let wanted = |key: &str| {
        let value = order.split(&format!("\"{key}\":")).nth(1).unwrap_or_default();
        value.split([',', '}']).next().unwrap_or_default().to_owned()
    };
    let care = if wanted("only") == "true" { "careful" } else { "usual" };
    let head = format!("== {} {} {care}", wanted("from_document"), wanted("from_page"));
    let digest: String = Sha256::digest(input).iter().map(|byte| format!("{byte:02x}")).collect();
    let section = script.lines().skip_while(|line| **line != *head).skip(1);
    for line in section.take_while(|line| !line.starts_with("== ")) {
        match line {
            "!spin" => spin(),
            "!abort" => std::process::abort(),
            "!plead" => plead(outlet),
            "!connect" => drop(std::net::UdpSocket::bind("127.0.0.1:0")),
            "!allocate" => drop(black_box(vec![1_u8; 4 << 30])),
            "!flood" => (0..600).for_each(|_| outlet.send(b'P', &vec![b' '; 1 << 20])),
            "!pages" => {
                for number in 1..=20_u32 {
                    let text = "x".repeat(4 << 20);
                    let page = format!(
                        r#"{{"number":{number},"width":9,"height":9,"origin":"text","rotation":0,"lines":[{{"text":"{text}","quad":[[0,0],[9,0],[9,9],[0,9]],"confidence":1}}]}}"#
                    );
                    outlet.send(b'P', page.as_bytes());
                }
            }
            _ => {
                let line = line.replace("$SHA", &digest);
                let Some((kind, body)) = line.split_at_checked(1) else { continue };
                outlet.send(kind.as_bytes()[0], body.as_bytes());
            }
        }
    }
}

/// Everything that came with being started: variables and open descriptors.
pub(crate) fn look_around() -> String {
    let mut seen: Vec<String> = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into()).collect();
    seen.extend(escapes::open_descriptors().into_iter().map(|number| format!("descriptor {number}")));
    seen.join(", ")
}

fn threads() -> u32 {
    let threads: Vec<_> = (0..4_u32).map(|number| std::thread::spawn(move || number)).collect();
    threads.into_iter().map(|thread| thread.join().unwrap_or(100)).sum()
}

fn spin() {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

/// Takes memory in small pieces until there is none.
fn creep() {
    let mut pieces = Vec::new();
    loop {
        pieces.push(black_box(vec![1_u8; 1 << 20]));
    }
}

#[expect(unconditional_recursion, reason = "that is the probe")]
fn overflow(depth: u64) -> u64 {
    let room = black_box([depth; 64]);
    overflow(depth + 1) + room[3]
}
