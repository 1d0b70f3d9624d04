//! Makes Rust constants of the word lists in `catalogue/vocabulary`, a module an area and a constant a list, and numbers
//! them together with the lists that stand in the code.

#[path = "build/lists.rs"]
mod lists;
#[path = "build/written.rs"]
mod written;

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

const FOLDER: &str = "../../catalogue/vocabulary";

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["build.rs", "build", "src", FOLDER] {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut numbered = Vec::new();
    let mut modules = String::new();
    for path in files(Path::new(FOLDER), "csv")? {
        println!("cargo::rerun-if-changed={}", path.display());
        let area = path.file_stem().unwrap_or_default().to_string_lossy();
        match lists::module(&area, &fs::read_to_string(&path)?, &mut numbered) {
            Ok(module) => modules.push_str(&module),
            Err(problems) => {
                for problem in problems {
                    println!("cargo::error=catalogue/vocabulary/{problem}");
                }
            }
        }
    }
    modules.push_str(&numbers(&mut numbered)?);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("vocabulary.rs"), modules)?;
    Ok(())
}

/// `NUMBERED`: the lists in the code by the hash of their words; `LISTS`: the words of every list by its number.
fn numbers(numbered: &mut Vec<Vec<String>>) -> Result<String, Box<dyn Error>> {
    let mut written: BTreeMap<u64, usize> = BTreeMap::new();
    for path in files(Path::new("src"), "rs")? {
        let found = written::lists(&fs::read_to_string(&path)?);
        for words in
            found.map_err(|line| format!("{}:{line}: `words!` takes plain strings", path.display()))?
        {
            let number = *written.entry(written::hash(&words)).or_insert(numbered.len());
            if number == numbered.len() {
                numbered.push(words);
            } else if numbered[number] != words {
                return Err(format!("{words:?} and {:?} have one hash", numbered[number]).into());
            }
        }
    }
    let mut text = String::from("pub(crate) const NUMBERED: &[(u64, u16)] = &[\n");
    for (hash, number) in written {
        writeln!(text, "    ({hash}, {number}),")?;
    }
    text.push_str("];\npub(crate) const LISTS: &[&[&str]] = &[\n");
    for words in numbered {
        writeln!(text, "    &{words:?},")?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// The files of a folder and of those inside it that end so, in order.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|of| of == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
