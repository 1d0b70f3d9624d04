//! Measures evaluations per second of one set. Not a test: a number to compare on one machine.

use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::{PatientRecord, SetId};
use std::{error::Error, io::Write, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let set = SetId::new(arguments.next().unwrap_or_else(|| "ZUMA-1".to_owned()));
    let catalogue = Catalogue::embedded()?;
    let library = CriteriaLibrary::load(&catalogue)?;
    let record: PatientRecord = match arguments.next() {
        Some(path) => toml::from_str(&std::fs::read_to_string(path)?)?,
        None => PatientRecord::default(),
    };
    let criteria = library.get(&set).map_or(0, |set| set.criteria.len());
    let (count, start) = (50_000, Instant::now());
    let mut findings = 0;
    for _ in 0..count {
        let on = jiff::civil::date(2026, 7, 1);
        let assessment = library.evaluate(&catalogue, &record, &[], on, std::slice::from_ref(&set));
        findings += assessment.evaluations.iter().map(|of| of.findings.len()).sum::<usize>();
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    writeln!(
        std::io::stdout(),
        "{set}: {criteria} criteria, {rate:.0} patients a second ({findings} findings)"
    )?;
    Ok(())
}
