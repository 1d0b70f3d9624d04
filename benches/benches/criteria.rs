//! Evaluation of criteria: `cargo bench -p cartulary-benches --bench criteria`.

use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::{Fact, PatientRecord, SetId};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;
use std::hint::black_box;

#[path = "../../crates/criteria/tests/support/case.rs"]
#[expect(dead_code, reason = "only the record's form is used here")]
mod case;

fn patient(catalogue: &Catalogue) -> (PatientRecord, Vec<Fact>) {
    let text = include_str!("../../crates/criteria/tests/rich.toml");
    let case: case::Case = toml::from_str(text).expect("the record reads");
    case.record.build(catalogue)
}

fn criteria(criterion: &mut Criterion) {
    let catalogue = Catalogue::embedded().expect("the catalogue loads");
    let library = CriteriaLibrary::load(&catalogue).expect("the criteria load");
    let (record, facts) = patient(&catalogue);
    let on = date(2026, 7, 1);
    let one = [SetId::from("ZUMA-1")];
    criterion.bench_function("load", |bencher| bencher.iter(|| CriteriaLibrary::load(&catalogue)));
    let mut group = criterion.benchmark_group("patients");
    group.throughput(Throughput::Elements(1));
    for (name, only) in [("ZUMA-1", &one[..]), ("all sets", &[])] {
        group.bench_function(format!("{name}, evidence"), |bencher| {
            bencher.iter(|| black_box(library.screen(&catalogue, &record, &facts, on, only)));
        });
        group.bench_function(format!("{name}, in words"), |bencher| {
            bencher.iter(|| black_box(library.evaluate(&catalogue, &record, &facts, on, only)));
        });
    }
    group.finish();
}

criterion_group!(benches, criteria);
criterion_main!(benches);
