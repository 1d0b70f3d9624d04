//! Sets for other systems: to standard output, or a file a set in a folder.

use super::{json, no_such_set};
use crate::{
    cli::{Export, ExportForm, Global},
    knowledge,
};
use anyhow::{Context, Result, bail};
use cartulary_criteria::{CriteriaLibrary, CriteriaSet};
use cartulary_criteria_export::{cql::CqlExporter, fhir::Bundle, resources::resources};
use cartulary_model::SetId;
use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

pub(super) fn run(global: &Global, options: &Export) -> Result<String> {
    let catalogue = knowledge::catalogue(global)?;
    let library = knowledge::criteria(&catalogue)?;
    let sets = wanted(&library, &options.sets)?;
    let exporter = CqlExporter::new(&catalogue, &library);
    match (&options.out, options.to) {
        (Some(folder), form) => write_all(&exporter, &sets, form, folder),
        (None, ExportForm::Fhir) => fhir(&exporter, &sets),
        (None, ExportForm::Cql) => match sets.as_slice() {
            [set] => Ok(exporter.export(set)),
            _ => bail!("several CQL libraries do not fit into one text; name a folder with --out DIR"),
        },
    }
}

/// The sets in the order in which they were named, each once.
fn wanted<'l>(library: &'l CriteriaLibrary, ids: &[String]) -> Result<Vec<&'l CriteriaSet>> {
    let mut seen = BTreeSet::new();
    let once = ids.iter().filter(|id| seen.insert(id.as_str()));
    once.map(|id| library.get(&SetId::new(id.as_str())).ok_or_else(|| no_such_set(library, id))).collect()
}

fn fhir(exporter: &CqlExporter<'_>, sets: &[&CriteriaSet]) -> Result<String> {
    json(&Bundle::collection(sets.iter().flat_map(|set| resources(exporter, set))))
}

/// Writes a file a set and tells their names.
fn write_all(
    exporter: &CqlExporter<'_>,
    sets: &[&CriteriaSet],
    form: ExportForm,
    folder: &Path,
) -> Result<String> {
    fs::create_dir_all(folder).with_context(|| {
        format!("could not make the folder {}; name one that can be written with --out", folder.display())
    })?;
    let mut names = String::new();
    for set in sets {
        let (ending, text) = match form {
            ExportForm::Cql => ("cql", exporter.export(set)),
            ExportForm::Fhir => ("fhir.json", fhir(exporter, &[set])?),
        };
        let path = folder.join(format!("{}.{ending}", set.id));
        fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))?;
        let _ = writeln!(names, "{}", path.display());
    }
    Ok(names)
}
