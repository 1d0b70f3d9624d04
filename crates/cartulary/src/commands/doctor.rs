//! `cartulary doctor`: is everything there and whole?

use crate::{
    cli::{Doctor, Global},
    console, knowledge, models, readers,
};
use anyhow::Result;
use std::process::ExitCode;

pub(super) fn run(global: &Global, options: &Doctor) -> Result<ExitCode> {
    let mut well = true;
    match knowledge::catalogue(global) {
        Ok(catalogue) => {
            let concepts = catalogue.concepts().count();
            let products = catalogue.products().len();
            console::print(&format!("catalogue   ok   {concepts} concepts, {products} indications\n"))?;
            match knowledge::criteria(&catalogue) {
                Ok(library) => {
                    console::print(&format!("criteria    ok   {} sets\n", library.sets().count()))?;
                }
                Err(error) => {
                    well = false;
                    console::print(&format!("criteria    BAD  {error:#}\n"))?;
                }
            }
        }
        Err(error) => {
            well = false;
            console::print(&format!("catalogue   BAD  {error:#}\n"))?;
        }
    }
    match models::reader(global, false, None).models_ready() {
        Ok(()) => console::print("models      ok   images and scans can be read\n")?,
        Err(missing) => {
            well = false;
            console::print(&format!("models      BAD  {missing}\n"))?;
        }
    }
    match readers::check(global) {
        Ok(()) => {
            console::print("sandbox     ok   documents are read in a process that can do nothing else\n")?;
        }
        Err(error) => {
            well = false;
            console::print(&format!("sandbox     BAD  {error}\n"))?;
        }
    }
    well &= super::register::doctor::look(&options.register)?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
