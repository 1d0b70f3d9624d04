//! Extraction of notes in both languages: `cargo bench -p cartulary-benches`.

use cartulary_benches::{notes, record};
use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, exchange};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::{hint::black_box, sync::Arc};

fn extraction(criterion: &mut Criterion) {
    let catalogue = Arc::new(Catalogue::embedded().expect("the catalogue loads"));
    criterion.bench_function("start", |bencher| {
        bencher.iter(|| Engine::new(Arc::clone(&catalogue)));
    });
    let engine = Engine::new(catalogue);
    for lang in ["en", "zh"] {
        let records: Vec<_> = notes(lang, 1).expect("the notes are there").iter().map(record).collect();
        let mut group = criterion.benchmark_group("notes");
        group.throughput(Throughput::Bytes(records.iter().map(|of| of.text.len() as u64).sum()));
        group.sample_size(20);
        group.bench_function(lang, |bencher| {
            bencher.iter(|| {
                for record in &records {
                    black_box(exchange::extract(&engine, record));
                }
            });
        });
        group.finish();
    }
}

criterion_group!(benches, extraction);
criterion_main!(benches);
