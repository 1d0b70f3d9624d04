//! An evaluation in short: what the coordinator of a case wants to know at a glance.

use super::super::super::table::{Table, clean};
use cartulary_catalogue::Catalogue;
use cartulary_model::{Lang, PreliminaryEvaluation, SetEvaluation, evaluation::Summary};
use unicode_width::UnicodeWidthChar as _;

/// Sets named of those that are possible; the whole evaluation names all.
const SETS: usize = 8;
/// Things to ask for that are named.
const ASKED: usize = 6;

/// Where the sets stand, what to ask for, what was not read.
pub(super) fn brief(
    evaluation: &PreliminaryEvaluation,
    catalogue: &Catalogue,
    lang: Lang,
    width: usize,
) -> String {
    let words = Words { catalogue, lang };
    let mut text = format!("\n{} · {}\n", words.say("title"), evaluation.on);
    let record = &evaluation.record;
    let today =
        record.diagnoses.iter().rev().find(|of| of.temporality == cartulary_model::Temporality::Current);
    if let Some(diagnosis) = today.or(record.diagnoses.last()) {
        let mut course = vec![catalogue.label(&diagnosis.concept, lang)];
        course.extend(record.lines.iter().map(|line| line.label.as_str()));
        text.push_str(&cut(&clean(&format!("  {}", course.join(" → "))), width));
        text.push('\n');
    }
    text.push_str(&sets(&evaluation.evaluations, words, width));
    text.push_str(&asked(evaluation, words, width));
    if !evaluation.unread.is_empty() {
        text.push_str(&format!("{}\n", words.say("warnings.unread")));
        let mut table = Table::new(&[], &[]);
        for item in &evaluation.unread {
            let page = item.unread.page.map_or_else(String::new, |page| format!(" page {page}"));
            table.row([format!("  {}{page}", item.name), item.text.in_lang(lang).to_owned()]);
        }
        for line in table.text().lines().filter(|line| !line.is_empty()) {
            text.push_str(&cut(line, width));
            text.push('\n');
        }
    }
    text
}

fn sets(evaluations: &[SetEvaluation], words: Words<'_>, width: usize) -> String {
    let of = |summary: Summary| evaluations.iter().filter(move |set| set.summary == summary);
    let counted = [
        (Summary::Possible, "sets.possible"),
        (Summary::NeedsInformation, "sets.needs_information"),
        (Summary::NotMetAsWritten, "sets.not_met_as_written"),
        (Summary::NotApplicable, "sets.not_applicable"),
    ];
    let counts = counted.map(|(summary, key)| format!("{} {}", words.say(key), of(summary).count()));
    let mut text = format!("  {}\n", counts.join(" · "));
    let named = of(Summary::Possible)
        .map(|set| ("●", set))
        .chain(of(Summary::NeedsInformation).map(|set| ("?", set)));
    let named: Vec<_> = named.collect();
    for (sign, set) in named.iter().take(SETS) {
        text.push_str(&cut(&format!("  {sign} {}", set.title.in_lang(words.lang)), width));
        text.push('\n');
    }
    if named.len() > SETS {
        text.push_str(&format!("    {}\n", words.more(named.len() - SETS)));
    }
    text
}

fn asked(evaluation: &PreliminaryEvaluation, words: Words<'_>, width: usize) -> String {
    if evaluation.ask_for.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", words.say("ask.title"));
    for (number, ask) in evaluation.ask_for.iter().take(ASKED).enumerate() {
        text.push_str(&cut(&format!("  {}. {}", number + 1, ask.item.text.in_lang(words.lang)), width));
        text.push('\n');
    }
    if evaluation.ask_for.len() > ASKED {
        text.push_str(&format!("     {}\n", words.more(evaluation.ask_for.len() - ASKED)));
    }
    text
}

/// The words of the report.
#[derive(Clone, Copy)]
struct Words<'a> {
    catalogue: &'a Catalogue,
    lang: Lang,
}

impl Words<'_> {
    fn say(self, key: &str) -> String {
        self.catalogue.messages().get(&format!("report.{key}")).in_lang(self.lang).to_owned()
    }

    fn more(self, count: usize) -> String {
        let text = self.catalogue.messages().fill("report.sets.more", &[("count", &count.to_string())]);
        text.in_lang(self.lang).to_owned()
    }
}

/// A line that fits, with a sign where it was cut.
fn cut(line: &str, width: usize) -> String {
    let wide = |text: &str| text.chars().filter_map(|char| char.width()).sum::<usize>();
    if wide(line) <= width {
        return line.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let fits = line.chars().take_while(|char| {
        let char = char.width().unwrap_or(0);
        let fits = char <= room;
        room = room.saturating_sub(char);
        fits
    });
    format!("{}…", fits.collect::<String>().trim_end())
}
