//! The zygote of the tests. Its children do not read: they carry out one probe, named in the order. Started with the
//! word `honest`, they read.
//!
//! Started with a name of a probe after the word `free`, it carries it out without any lock: a probe that fails there
//! too would prove nothing.

#[cfg(target_os = "linux")]
mod attacks;
#[cfg(target_os = "linux")]
mod escapes;
#[cfg(target_os = "linux")]
mod parents;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use std::process::ExitCode;
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("reader") => cartulary_sandbox::serve(attacks::Probes),
        Some("honest") => {
            let reader = cartulary_reading::Reader::new(cartulary_reading::ReaderOptions::default());
            cartulary_sandbox::serve(cartulary_sandbox::ReadingWork::new(reader))
        }
        Some("parent") => parents::wait(),
        Some("old kernel") => parents::without_landlock(),
        Some("hostile") => parents::read_all(&arguments.next().unwrap_or_default()),
        Some("endure") => parents::endure(),
        Some("look around") => say(&attacks::look_around()),
        Some("free") => match escapes::find(&arguments.next().unwrap_or_default()).map(|escape| escape()) {
            Some(Ok(())) => ExitCode::SUCCESS,
            Some(Err(_)) => ExitCode::from(10),
            None => ExitCode::from(11),
        },
        _ => ExitCode::from(2),
    }
}

#[cfg(target_os = "linux")]
fn say(words: &str) -> std::process::ExitCode {
    use std::io::Write;
    let said = writeln!(std::io::stdout(), "{words}");
    if said.is_ok() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}

#[cfg(not(target_os = "linux"))]
fn main() {}
