//! The evaluation as text: the same words as the page, without its tables.

mod wrap;

use crate::{
    view::{self, Chip, Papers, SetGroup},
    words::Words,
};
use cartulary_figures::Sign;
use cartulary_model::PreliminaryEvaluation;
use wrap::{columns, pad, wrap};

/// Renders the summary.
pub(crate) fn render(
    evaluation: &PreliminaryEvaluation,
    words: Words<'_>,
    width: usize,
    colour: bool,
) -> String {
    let papers = Papers::of(evaluation, words);
    let mut out = Screen { text: String::new(), width: width.clamp(30, 120), colour };
    header(&mut out, &papers, words);
    course(&mut out, evaluation, words);
    sets(&mut out, &papers, words);
    asks(&mut out, &papers, words);
    // Last, because the end of the output is what stays on the screen.
    warnings(&mut out, &papers, words);
    out.blank();
    out.paragraph(&words.said(&evaluation.notice), "", "");
    out.text
}

/// ANSI styles. They only repeat what words and shapes already say.
#[derive(Clone, Copy)]
enum Style {
    Heading,
    Quiet,
    Met,
    NotMet,
    Unknown,
    Alarm,
}

struct Screen {
    text: String,
    width: usize,
    colour: bool,
}

impl Screen {
    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn heading(&mut self, title: &str) {
        self.blank();
        let styled = self.styled(title, Style::Heading);
        self.text.push_str(&styled);
        self.text.push('\n');
        self.text.push_str(&"─".repeat(columns(title).min(self.width)));
        self.text.push('\n');
    }

    /// Wrapped text; `first` stands before its first line, `rest` before the others.
    fn paragraph(&mut self, text: &str, first: &str, rest: &str) {
        self.styled_paragraph(text, first, rest, None);
    }

    fn styled_paragraph(&mut self, text: &str, first: &str, rest: &str, style: Option<Style>) {
        let room = self.width.saturating_sub(columns(first).max(columns(rest)));
        for (index, line) in wrap(text, room).iter().enumerate() {
            let lead = if index == 0 { first } else { rest };
            let line = style.map_or_else(|| line.clone(), |style| self.styled(line, style));
            self.text.push_str(format!("{lead}{line}").trim_end());
            self.text.push('\n');
        }
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match style {
            Style::Heading => "1",
            Style::Quiet => "2",
            Style::Met => "32",
            Style::NotMet => "31",
            Style::Unknown => "33",
            Style::Alarm => "1;31",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

fn header(out: &mut Screen, papers: &Papers<'_>, words: Words<'_>) {
    let header = view::header(papers, words);
    let title = format!("Cartulary · {} · {} {}", words.t("title"), words.t("header.on"), header.on);
    out.styled_paragraph(&title, "", "", Some(Style::Quiet));
    let mut who = vec![header.age, header.sex, header.birth_date];
    who.extend(header.numbers.iter().map(|number| format!("{} {number}", words.t("header.number"))));
    who.retain(|part| !part.is_empty());
    out.styled_paragraph(&format!("{} · {}", header.name, who.join(" · ")), "", "", Some(Style::Heading));
    out.paragraph(&header.disease, "", "");
    let counts: Vec<String> = header.counts.into_iter().map(|(_, noun)| noun).collect();
    out.styled_paragraph(&counts.join(" · "), "", "", Some(Style::Quiet));
}

fn warnings(out: &mut Screen, papers: &Papers<'_>, words: Words<'_>) {
    let (mismatches, conflicts, unread) =
        (view::mismatches(papers, words), view::conflicts(papers, words), view::unread(papers, words));
    if !unread.is_empty() {
        out.heading(&words.t("warnings.unread"));
        for of in unread {
            let name = of.page.map_or_else(|| of.name.clone(), |page| format!("{} · {page}", of.name));
            out.styled_paragraph(&name, "∅ ", "  ", Some(Style::Unknown));
            out.paragraph(&of.text, "  ", "  ");
        }
    }
    if !conflicts.is_empty() {
        out.heading(&words.t("warnings.conflicts"));
        for of in conflicts {
            out.paragraph(&format!("{} — {}", of.about, of.text), "≠ ", "  ");
            for (value, chips) in of.sides {
                out.paragraph(&format!("{value} {}", places(&chips)), "    - ", "      ");
            }
        }
    }
    if !mismatches.is_empty() {
        out.heading(&words.t("warnings.identity"));
        for of in mismatches {
            out.styled_paragraph(&of.document, "! ", "  ", Some(Style::Alarm));
            out.paragraph(&format!("{} {}", of.text, places(&of.chips)), "  ", "  ");
        }
    }
}

fn course(out: &mut Screen, evaluation: &PreliminaryEvaluation, words: Words<'_>) {
    let entries = view::timeline(evaluation, 1000, words).entries();
    out.heading(&words.t("timeline.title"));
    if entries.is_empty() {
        out.paragraph(&words.t("timeline.empty"), "", "");
    }
    let whens: Vec<String> = entries
        .iter()
        .map(|entry| match (entry.start, entry.end) {
            (Some(start), Some(end)) if start != end => format!("{start} – {end}"),
            (Some(start), _) => start.to_string(),
            (None, _) => words.t("no_date"),
        })
        .collect();
    let is_wide = out.width >= 70;
    let column = whens.iter().map(|when| columns(when)).max().unwrap_or_default();
    for (entry, when) in entries.iter().zip(&whens) {
        let sign = sign(entry.sign);
        if is_wide {
            let rest = " ".repeat(column + 4);
            out.paragraph(&entry.text, &format!("{}  {sign} ", pad(when, column)), &rest);
        } else {
            out.styled_paragraph(when, "", "", Some(Style::Quiet));
            out.paragraph(&entry.text, &format!("  {sign} "), "    ");
        }
    }
}

fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Diagnosis => "◆",
        Sign::Transformation => "✦",
        Sign::Response(_) => "○",
        Sign::Relapse => "▼",
        Sign::Transplant => "+",
        Sign::Bar => "█",
        Sign::Uncertain | Sign::OpenEnd => "·",
    }
}

fn sets(out: &mut Screen, papers: &Papers<'_>, words: Words<'_>) {
    for group in view::set_groups(papers, words) {
        out.heading(&format!("{} ({})", group.title, group.sets.len()));
        if group.key == "not_applicable" {
            other_sets(out, &group, words);
            continue;
        }
        out.styled_paragraph(&group.hint, "", "", Some(Style::Quiet));
        for set in group.sets {
            let tally: Vec<String> = set
                .counts
                .iter()
                .map(|(answer, count)| format!("{} {count} {}", answer.shape, answer.word))
                .collect();
            let (sign, style) = match group.key.as_str() {
                "possible" => ("● ", Style::Met),
                "not_met_as_written" => ("✕ ", Style::NotMet),
                _ => ("? ", Style::Unknown),
            };
            out.styled_paragraph(&set.title, sign, "  ", Some(style));
            for reason in &set.reasons {
                out.paragraph(reason, "    ", "    ");
            }
            out.styled_paragraph(&tally.join("  "), "    ", "    ", Some(Style::Quiet));
        }
    }
}

/// Sets for other diseases are named, no more: their reason is the disease.
fn other_sets(out: &mut Screen, group: &SetGroup, words: Words<'_>) {
    let titles: Vec<String> = group.sets.iter().map(|set| set.title.clone()).collect();
    let shown = titles.len().min(6);
    for title in &titles[..shown] {
        out.paragraph(title, "- ", "  ");
    }
    if titles.len() > shown {
        out.paragraph(&words.count("sets.more", titles.len() - shown), "  ", "  ");
    }
}

fn asks(out: &mut Screen, papers: &Papers<'_>, words: Words<'_>) {
    let asks = view::ask_for(papers, words);
    if asks.is_empty() {
        return;
    }
    out.heading(&words.t("ask.title"));
    for (index, ask) in asks.iter().enumerate() {
        let lead = format!("{:>2}. ", index + 1);
        out.paragraph(&ask.text, &lead, "    ");
        let from = format!("{} · {}", ask.from, ask.decides);
        out.styled_paragraph(&from, "    ", "    ", Some(Style::Quiet));
    }
}

/// Where a statement stands: `[D1 p.1 “3A”; D4 p.1 “3B”]`.
fn places(chips: &[Chip]) -> String {
    let places: Vec<String> = chips
        .iter()
        .map(|chip| {
            if chip.quote.text.is_empty() {
                chip.place.clone()
            } else {
                format!("{} “{}”", chip.place, chip.quote.text)
            }
        })
        .collect();
    if places.is_empty() { String::new() } else { format!("[{}]", places.join("; ")) }
}
