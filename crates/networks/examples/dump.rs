//! temporary
use cartulary_networks::*;
fn f32s(p: &str) -> Vec<f32> {
    std::fs::read(p).unwrap().chunks_exact(4).map(|c| f32::from_le_bytes(c.try_into().unwrap())).collect()
}
fn write(p: &str, x: impl Iterator<Item = f32>) {
    std::fs::write(p, x.flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>()).unwrap()
}
fn main() {
    let m = "/work/main/models/cache/";
    let mode = std::env::args().nth(1).unwrap();
    let n: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    if mode == "det" {
        let det = Detection::load(&std::fs::read(format!("{m}PP-OCRv6_det_small.onnx")).unwrap()).unwrap();
        let rgb = std::fs::read("/tmp/cmp/det.rgb").unwrap();
        for _ in 0..n {
            write("/tmp/cmp/det.out", det.run(&rgb, 896, 1280, 1).probability.into_iter());
        }
    } else {
        let rec = Recognition::load(&std::fs::read(format!("{m}PP-OCRv6_rec_small.onnx")).unwrap()).unwrap();
        for name in ["rec0", "rec1", "rec2"] {
            let x = f32s(&format!("/tmp/cmp/{name}.in"));
            for _ in 0..n {
                let s = rec.run(x.clone());
                write(
                    &format!("/tmp/cmp/{name}.out"),
                    s.iter().flat_map(|s| [s.class as f32, s.probability]),
                );
            }
        }
    }
}
