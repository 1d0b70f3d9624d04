//! What happens to each patient of the demo: read from `case.toml`.

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

/// A patient of the demo.
#[derive(Debug)]
pub(super) struct Script {
    /// Microseconds from now at which the papers arrived; negative.
    pub(super) received_us: i64,
    pub(super) channel: String,
    pub(super) sender: Sender,
    pub(super) words: String,
    pub(super) consents: Vec<String>,
    /// Names and bytes.
    pub(super) papers: Vec<(String, &'static [u8])>,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sender {
    pub(super) name: String,
    pub(super) relation: String,
    pub(super) language: String,
    pub(super) country: Option<String>,
    pub(super) mail: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) whatsapp: Option<String>,
}

/// Something that a person does.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Microseconds after the papers arrived.
    pub(super) after_us: i64,
    pub(super) who: String,
    pub(super) act: Act,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Act {
    Assign,
    Confirm {
        concept: String,
    },
    Reply {
        text: String,
        #[serde(default)]
        asks: Vec<String>,
    },
    Decide {
        decision: String,
        reason: String,
    },
    Note {
        text: String,
    },
    Infuse {
        on: String,
        product: String,
    },
    Visit {
        on: String,
        visit: String,
        response: String,
    },
}

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "title")]
    _title: String,
    received: String,
    channel: String,
    sender: Sender,
    words: String,
    consents: Vec<String>,
    documents: Vec<String>,
    #[serde(default)]
    step: Vec<WrittenStep>,
}

#[derive(Deserialize)]
struct WrittenStep {
    at: String,
    who: String,
    #[serde(flatten)]
    act: Act,
}

/// All of them, in the order of their folders.
pub(super) fn all() -> Result<Vec<Script>> {
    let mut folders: Vec<_> = cartulary_web::DEMO.dirs().collect();
    folders.sort_by_key(|folder| folder.path());
    folders
        .into_iter()
        .map(|folder| read(folder).with_context(|| folder.path().display().to_string()))
        .collect()
}

fn read(folder: &'static include_dir::Dir<'static>) -> Result<Script> {
    let file = |name: &str| {
        let path = folder.path().join(name);
        folder.get_file(&path).map(include_dir::File::contents).ok_or_else(|| anyhow!("{name} is missing"))
    };
    let written: Written = toml::from_str(std::str::from_utf8(file("case.toml")?)?)?;
    let papers =
        written.documents.iter().map(|name| Ok((name.clone(), file(name)?))).collect::<Result<_>>()?;
    let step = |step: WrittenStep| Ok(Step { after_us: span(&step.at)?, who: step.who, act: step.act });
    Ok(Script {
        received_us: -span(written.received.trim_start_matches('-'))?,
        channel: written.channel,
        sender: written.sender,
        words: written.words,
        consents: written.consents,
        papers,
        steps: written.step.into_iter().map(step).collect::<Result<_>>()?,
    })
}

/// `3d 2h 20m` in microseconds.
fn span(text: &str) -> Result<i64> {
    let mut seconds = 0;
    for part in text.split_whitespace() {
        let (number, unit) = part.split_at(part.len().saturating_sub(1));
        let number: i64 = number.parse().map_err(|_| anyhow!("`{part}` is no span"))?;
        seconds += number
            * match unit {
                "d" => 86_400,
                "h" => 3_600,
                "m" => 60,
                _ => bail!("`{part}` is no span: write days, hours, minutes as 3d 2h 20m"),
            };
    }
    Ok(seconds * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_cases_can_be_played() {
        let all = all().unwrap();
        assert_eq!(all.len(), 20);
        for script in &all {
            assert!(!script.papers.is_empty() && script.received_us < 0, "{script:?}");
            assert!(script.steps.is_sorted_by_key(|step| step.after_us), "{:?}", script.sender.name);
        }
    }

    #[test]
    fn spans_are_read() {
        assert_eq!(span("3d 2h").unwrap(), (3 * 86_400 + 2 * 3_600) * 1_000_000);
        assert!(span("3x").is_err() && span("d").is_err());
    }
}
