//! Makes Rust constants of the word lists in `catalogue/vocabulary`: a module an area, a constant a list.

#[path = "build/lists.rs"]
mod lists;

use std::{env, error::Error, fs, path::Path};

const FOLDER: &str = "../../catalogue/vocabulary";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/lists.rs");
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut paths = Vec::new();
    for entry in fs::read_dir(FOLDER)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    paths.sort();
    let mut modules = String::new();
    for path in &paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let area = path.file_stem().unwrap_or_default().to_string_lossy();
        match lists::module(&area, &fs::read_to_string(path)?) {
            Ok(module) => modules.push_str(&module),
            Err(problems) => {
                for problem in problems {
                    println!("cargo::error=catalogue/vocabulary/{problem}");
                }
            }
        }
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("vocabulary.rs"), modules)?;
    Ok(())
}
