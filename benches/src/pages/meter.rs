//! Time and memory of this process, of all its threads.

use anyhow::{Context, Result};
use std::fs;

/// Ticks of the kernel's clock in a second, on every Linux that we know.
const TICKS: f64 = 100.0;

/// Processor time spent so far, in seconds.
///
/// # Errors
/// Where the kernel does not tell (not Linux).
pub fn cpu_seconds() -> Result<f64> {
    let text = fs::read_to_string("/proc/self/stat").context("could not read /proc/self/stat")?;
    // The name of the programme, in brackets, may hold spaces.
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    let ticks: Option<f64> = fields.skip(11).take(2).map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks.context("the processor time is no number")? / TICKS)
}

/// The greatest memory so far, in megabytes.
///
/// # Errors
/// Where the kernel does not tell (not Linux).
pub fn peak_megabytes() -> Result<f64> {
    let text = fs::read_to_string("/proc/self/status").context("could not read /proc/self/status")?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("the kernel tells no peak of memory")?;
    let kilobytes: f64 =
        line.trim().trim_end_matches("kB").trim().parse().context("the memory is no number")?;
    Ok(kilobytes / 1000.0 * 1.024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time_and_memory() {
        let before = cpu_seconds().unwrap();
        let work: Vec<f64> = (0..20_000_000).map(|index| f64::from(index).sqrt()).collect();
        assert!(work[4] > 1.9);
        assert!(cpu_seconds().unwrap() > before);
        assert!(peak_megabytes().unwrap() > 100.0);
    }
}
