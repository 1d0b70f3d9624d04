//! When a course began and ended, and how long it lasted.
//!
//! ## Reads
//! `2020/11/3-2021/3/9 R-CHOP`, "R-CVP from March to August 2016", "Mar-Jul 2019", "4-6 March 2023", "commenced 09/03/2023, completed 06/07/2023",
//! `至2023年12月结束`, `2022-11-30停药`, "until May 2022", "for 3 years", `吃了两年多`, "stopped after 11 months".

mod range;

use super::{
    count::Territory,
    name::Name,
    words::{Time, ends, is_dated, leads_to_next, says, skip_spaces, stands, starts_word, time_at},
};
use crate::{
    dates::DateMention,
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, CELL, Span, Stream},
    vocabulary::therapy::{
        DOSED_LINKED, END_LAST, LASTED_EVERY, LASTED_OF_EVENT, OPENS_NEXT_CLAUSE_BEGINS, PERIOD_ENDS_AFTER,
        PERIOD_ENDS_BEFORE, PERIOD_FAILED_ON, PERIOD_LAST, PERIOD_LASTS,
    },
    words::words,
};
use cartulary_model::{
    PartialDate,
    fact::{Attr, AttrValue},
};
pub(in crate::grammar) use range::end_with_list;
use range::{by_years, month_at, opens_clause, range};

pub(super) fn set(sheet: &Sheet<'_>, name: &Name, own: Territory, draft: &mut Draft) {
    if let Some((start, end, span)) = range(sheet, name, own).or_else(|| by_years(sheet, name, draft)) {
        draft.set(Attr::Start, AttrValue::Date(start));
        draft.set(Attr::End, AttrValue::Date(end));
        draft.date = Some((start, span));
        return lasted(sheet, name, own, draft);
    }
    let counted = if draft.span.end > name.span.end { draft.span.end } else { name.span.end };
    let begun = in_own_bracket(sheet, name, counted).or_else(|| begun(sheet, name, own, counted));
    if let Some(mention) = begun.filter(|of| !leads_to_next(sheet, counted, of.span)) {
        draft.set(Attr::Start, AttrValue::Date(mention.date));
        draft.date = Some((mention.date, mention.span));
    } else if let Some((date, span)) = counted_from(sheet, name).or_else(|| bare(sheet, name, own, draft)) {
        draft.set(Attr::Start, AttrValue::Date(date));
        draft.date = Some((date, span));
    }
    if let Some(mention) = ended(sheet, name, own) {
        draft.set(Attr::End, AttrValue::Date(next_year(sheet, mention)));
    }
    lasted(sheet, name, own, draft);
}

/// "Relapse Feb 2024 (post auto-SCT 14-Mar-23)": a course in a bracket is of the day right behind it there.
fn in_own_bracket<'a>(sheet: &'a Sheet<'_>, name: &Name, counted: usize) -> Option<&'a DateMention> {
    const LONGEST: usize = 40;
    const BESIDE: usize = 4;
    let bracket = |at: &usize| matches!(sheet.stream.at(*at), '(' | ')');
    let open = (name.span.start.saturating_sub(LONGEST)..name.span.start).rev().find(bracket)?;
    let day = sheet.mentions_in(Span::new(counted, counted + BESIDE)).first()?;
    let close = (counted..day.span.end + LONGEST).find(bracket)?;
    let inside = sheet.stream.at(open) == '(' && sheet.stream.at(close) == ')' && day.span.end <= close;
    (inside && day.until.is_none() && !is_end(sheet, day, name)).then_some(day)
}

/// The words around a date that make it an end.
fn is_end(sheet: &Sheet<'_>, mention: &DateMention, name: &Name) -> bool {
    let stream = &sheet.stream;
    let at = (mention.span.start.saturating_sub(1)..=mention.span.start)
        .find(|at| stream.at(*at) != ' ')
        .unwrap_or(mention.span.start);
    let mut lead = mention.span.start;
    while lead > 0 && stream.at(lead - 1) == ' ' {
        lead -= 1;
    }
    let _ = at;
    let behind = mention.span.start >= name.span.end;
    let said_before = behind
        && PERIOD_ENDS_BEFORE.iter().filter(|word| **word != "于").any(|word| {
            ends(stream, lead, word) && (!word.is_ascii() || starts_word(stream, lead - word.len()))
        });
    let said_after = PERIOD_ENDS_AFTER
        .iter()
        .filter(|word| **word != "因" && **word != "停")
        .any(|word| stands(stream, mention.span.end, word));
    // `finished BR in March 2022`, `1年半前完成BR`.
    let verb_before = behind && {
        let lead = Span::new(name.span.start.saturating_sub(12), name.span.start);
        let counted = Span::new(
            name.span.start.saturating_sub(34).max(sheet.sentence(name.span.start).start),
            name.span.start,
        );
        let told = || {
            super::words::last_end(stream, counted, words!["finished ", "completed "]).is_some_and(|end| {
                let gap = stream.lower_text(Span::new(end, name.span.start));
                (gap.ends_with("cycles of ") || gap.ends_with("courses of ")) && !gap.contains([',', ';'])
            })
        };
        (says(stream, lead, words!["finished", "completed", "完成", "结束"]) || told())
            && mention.span.start - name.span.end <= 14
    };
    // `last capsule of lenalidomide on 6 April`, "the last prednisone on 03/23".
    let last_given = behind
        && stream.reads_back_any(name.span.start, PERIOD_LAST)
        && (mention.span.start - name.span.end <= 6
            || [" was given on ", " was given in ", " was on ", " given on ", " was "]
                .contains(&stream.lower_text(Span::new(name.span.end, mention.span.start))));
    let verb_between = !behind
        && says(
            stream,
            Span::new(mention.span.end, name.span.start),
            words!["完成", "结束", "completed", "finished"],
        );
    // `2023年6月因房颤停用`.
    let because = stands(stream, mention.span.end, "因")
        && says(
            stream,
            Span::new(mention.span.end, mention.span.end + 14),
            words!["停用", "停药", "停止", "终止"],
        );
    // `末次利妥昔单抗于2023.02.17`: the day of the last dose.
    let last =
        behind && mention.span.start - name.span.end <= 8 && stream.reads_back_any(name.span.start, END_LAST);
    last || said_before || said_after || because || verb_before || verb_between || last_given
}

/// A date in the course's own clause that is no end of it.
fn begun<'a>(sheet: &'a Sheet<'_>, name: &Name, own: Territory, counted: usize) -> Option<&'a DateMention> {
    let stream = &sheet.stream;
    let inside =
        sheet.mentions.iter().find(|of| of.span.start >= name.span.start && of.span.end <= name.span.end);
    if inside.is_some() {
        return inside;
    }
    let list = end_with_list(sheet, name.span);
    if let Some(infused) = day_in_aside(sheet, name.span.end) {
        return Some(infused);
    }
    let clause = |at: usize| matches!(stream.at(at), ',' | ';' | CELL | BREAK | '→');
    let before = sheet
        .mentions
        .iter()
        .rev()
        .find(|of| of.until.is_none() && of.span.end <= name.span.start && of.span.start >= own.start)
        .filter(|of| name.span.start - of.span.end <= 24)
        .filter(|_| !counts_days_since(&sheet.stream, name.span.end))
        // "Day 20 after her second CAR-T infusion (5 Jan 2025)"
        .filter(|of| {
            let since = words![" after", " post", " following", " of ", " s/p"];
            of.counted.is_none_or(|days| days == 0) || !stream.reads_any(of.span.end, since)
        })
        // "relapsed in 2019 (14 months after R-CHOP)": the day is the relapse's.
        .filter(|_| !ends(stream, name.span.start, "after "))
        // "PD 11/2022 -> axi-cel 03/2023": the arrow leads from what was on that day.
        .filter(|of| !says(stream, Span::new(of.span.end, name.span.start), words!["->", "=>"]))
        .filter(|of| {
            !(of.span.end..name.span.start).any(|at| {
                clause(at) && !(at == of.span.end && stream.at(at) == ',' && opens_clause(sheet, of.span))
            })
        })
        // "obinutuzumab until March 2022 after 6 cycles of G-Benda": the day ends the course before it.
        .filter(|of| !stream.reads_back_any(of.span.start, words!["until ", "till ", "up to "]))
        // "Ibrutinib (first line, from January 2018) was replaced by acalabrutinib": the date closes another course's bracket.
        .filter(|of| {
            let gap = stream.lower_text(Span::new(of.span.end, name.span.start));
            let own = stream.reads_back_any(of.span.start, words!["d0(", "d0 (", "day 0(", "day 0 ("]);
            own || gap.find(')').is_none_or(|close| gap[..close].contains('('))
        })
        .filter(|of| {
            !is_end(sheet, of, name) && !dates_an_event(sheet, Span::new(of.span.end, name.span.start))
        });
    let until = own.end.max(list).min(sheet.sentence(name.span.start).end);
    let behind = sheet
        .mentions
        .iter()
        .find(|of| {
            of.until.is_none() && of.span.start >= name.span.end && of.span.end <= until.max(name.span.end)
        })
        .filter(|of| of.span.start.saturating_sub(list) <= 40)
        .filter(|_| !stream.reads_back_any(name.span.start, PERIOD_FAILED_ON))
        .filter(|of| of.counted.is_none() || !counts_days_since(stream, name.span.end))
        .filter(|of| starts_there(sheet, Span::new(list.max(counted).min(of.span.start), of.span.start)))
        .filter(|of| !opens_next_clause(sheet, list.max(counted), of.span))
        .filter(|of| !is_end(sheet, of, name));
    // "Diagnosed last October and R-CHOP started on 2 November": the verb of the beginning is surer than a day before the name.
    if let Some(day) = behind {
        let gap = stream.lower_text(Span::new(list.max(counted).min(day.span.start), day.span.start));
        let begins = words![
            "started",
            "was started",
            "were started",
            "commenced",
            "began",
            "begun",
            "was begun",
            "infused",
            "was infused"
        ];
        if sheet.stream.text_begins(gap.trim_start(), begins) {
            return behind;
        }
    }
    // "adm. 28.12.2023, C3 R-GDP started 29.12.": across a comma the day is another's if the course has its own.
    let apart = |of: &&DateMention| (of.span.end..name.span.start).any(|at| stream.at(at) == ',');
    before.filter(|of| behind.is_none() || !apart(of)).or(behind)
}

/// `今日为CAR-T回输后第6天`, "day 6 after": a day is counted from the infusion and is not its own.
pub(crate) fn counts_days_since(stream: &Stream, end: usize) -> bool {
    const REACH: usize = 30;
    let clause =
        (end..(end + REACH).min(stream.len())).find(|at| matches!(stream.at(*at), ',' | ';' | '。' | BREAK));
    let behind = Span::new(end, clause.unwrap_or((end + REACH).min(stream.len())).max(end));
    stream.words_in(behind, words!["后第", "后+", "后d", "后 d"]).next().is_some()
}

/// `CAR-T回输后第6天`, "day 6 after axi-cel": the day that is counted from is the course's own.
fn counted_from(sheet: &Sheet<'_>, name: &Name) -> Option<(PartialDate, Span)> {
    const REACH: usize = 34;
    let stream = &sheet.stream;
    let behind = counts_days_since(stream, name.span.end)
        .then(|| sheet.mentions_in(Span::new(name.span.end, name.span.end + REACH)))
        .into_iter()
        .flatten();
    let after = words![" after ", " post ", " post-", " following ", " of ", " s/p "];
    let lead = Span::new(name.span.start.saturating_sub(REACH), name.span.start);
    let leads =
        |of: &&DateMention| stream.words_at(of.span.end, after).any(|word| word.end() == name.span.start);
    let mention =
        behind.chain(sheet.mentions_in(lead).iter().filter(leads)).find(|of| of.counted.is_some())?;
    Some((mention.day_zero()?, mention.span))
}

/// `回输后第6天（11-08回输）`: the day of the infusion in a bracket behind the name.
fn day_in_aside<'a>(sheet: &'a Sheet<'_>, end: usize) -> Option<&'a DateMention> {
    const REACH: usize = 40;
    let stream = &sheet.stream;
    sheet.mentions_in(Span::new(end, end + REACH)).iter().find(|of| {
        let opened = of.span.start > 0 && stream.at(of.span.start - 1) == '(';
        let clause = (end..of.span.start).any(|at| matches!(stream.at(at), ';' | '。' | BREAK));
        opened && !clause && stream.reads_any(of.span.end, words!["回输", "输注", "移植", "行", " infused"])
    })
}

/// `打了6个BR,今年1月又长了`: behind the comma the date tells of something else.
fn opens_next_clause(sheet: &Sheet<'_>, from: usize, date: Span) -> bool {
    let stream = &sheet.stream;
    let comma = (from..date.start).any(|at| matches!(stream.at(at), ',' | ';'));
    let next = skip_spaces(stream, date.end);
    comma && crate::stream::is_han(stream.at(next)) && !stream.reads_any(next, OPENS_NEXT_CLAUSE_BEGINS)
}

/// `次年4月完成6程` where the year was not reckoned with the date.
fn next_year(sheet: &Sheet<'_>, mention: &DateMention) -> PartialDate {
    let said = sheet.stream.reads_back_any(mention.span.start, words!["次年", "翌年"]);
    let year = mention.date.year() + 1;
    let next = match (mention.date.month(), mention.date.day()) {
        (Some(month), Some(day)) => PartialDate::from_day(year, month, day),
        (Some(month), None) => PartialDate::from_month(year, month),
        (None, _) => PartialDate::from_year(year),
    };
    next.filter(|_| said).unwrap_or(mention.date)
}

/// `auto transplant 2021`, "since Feb", "starting in August": a bare year, or a month reckoned from the paper's own day.
fn bare(sheet: &Sheet<'_>, name: &Name, own: Territory, draft: &Draft) -> Option<(PartialDate, Span)> {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, draft.span.end.max(name.span.end));
    let at = if stream.at(at) == '(' { at + 1 } else { at };
    let digits = (at..at + 4).all(|of| stream.at(of).is_ascii_digit());
    let alone = !stream.at(at + 4).is_alphanumeric()
        && !matches!(stream.at(at + 4), '-' | '/' | '.' if stream.at(at + 5).is_ascii_digit());
    if digits && alone && at + 4 <= own.end.max(at) {
        let number = crate::number::number_behind(stream, at)?;
        let year = (1970.0..2100.0).contains(&number.value).then_some(number.value as i16)?;
        return PartialDate::from_year(year).map(|date| (date, Span::new(at, at + 4)));
    }
    let today = sheet.date?;
    let until = own.end.min(name.span.end + 40);
    (name.span.end..until).find_map(|at| {
        let (month, end) = month_at(sheet, at)?;
        let since = ends(stream, at, "since ") || ends(stream, at, "since last ");
        let coming =
            ends(stream, at, "starting in ") || ends(stream, at, "from ") || ends(stream, at, "start in ");
        let today_month = today.month()?;
        let year = match (since, coming) {
            (true, _) if month > today_month => today.year() - 1,
            (true, _) => today.year(),
            (false, true) if month < today_month => today.year() + 1,
            (false, true) => today.year(),
            (false, false) => return None,
        };
        PartialDate::from_month(year, month).map(|date| (date, Span::new(at, end)))
    })
}

/// A relapse or a response between a date and a course has the date.
fn dates_an_event(sheet: &Sheet<'_>, gap: Span) -> bool {
    sheet.candidates_in(gap).iter().any(|of| {
        of.hit.span.end <= gap.end
            && matches!(
                of.hit.concept.as_str(),
                "find.cr"
                    | "find.pr"
                    | "find.pd"
                    | "find.sd"
                    | "find.relapsed"
                    | "find.no_response"
                    | "event.diagnosis"
            )
    })
}

/// `in`, "started on", "was infused on", "since", "starting in", `开始于` between a course and its first day.
fn starts_there(sheet: &Sheet<'_>, gap: Span) -> bool {
    let text = sheet.stream.lower_text(gap);
    let bare = text.trim().trim_start_matches([')', '(', ',', ':']).trim();
    let bare = bare.strip_suffix(" the").unwrap_or(bare);
    let words = [
        "",
        "in",
        "on",
        "since",
        "from",
        "started",
        "started on",
        "started in",
        "starting",
        "starting in",
        "starting on",
        "commenced",
        "commenced on",
        "commenced in",
        "begun",
        "was started on",
        "was started in",
        "was begun on",
        "infused",
        "infused on",
        "was infused on",
        "was given on",
        "given on",
        "given in",
        "had been on",
        "was on",
        "was done on",
        "was performed on",
        "at",
        "was done in",
        "done in",
        "done on",
        "was performed in",
        "was given in",
        "was infused in",
        "was infused at",
        "was done at",
        "infusion was done in",
        "infusion was done on",
        "infusion was on",
        "infusion on",
        "infusion",
        "infusion in",
        "dose booked for",
        "dose on",
        "begun in",
        "begun on",
        "was begun in",
        "was begun",
        "was started",
        "was commenced on",
        "was commenced in",
        "has been started on",
        "has been started in",
        "booked for",
        "is booked for",
        "scheduled for",
        "is scheduled for",
        "is due to begin on",
        "is due on",
        "due on",
        "is due to start on",
        "due to start on",
        "is due to start in",
        "will start on",
        "will start in",
        "starts on",
        "is scheduled to start on",
        "is planned to start on",
        "is booked to start on",
        "would follow on",
        "will follow on",
        "day 0 was",
        "was",
        "is planned for",
        "planned for",
        "to start on",
        "alone in",
        "of",
        "first dose",
        "first dose on",
        "1st dose",
        "first infusion",
        "first infusion on",
        "first cycle",
        "first cycle on",
        "w/c",
        "week of",
        "week commencing",
        "early",
        "late",
        "mid",
        "therapy in",
        "于",
        "已于",
        "已在",
        "术于",
        "回输于",
        "治疗",
        "开始于",
        "日",
        "day 0",
        "d0",
        "followed on",
        "followed in",
        "first given on",
        "first given in",
        "was first given on",
        "was first given in",
        "began",
        "began in",
        "began on",
        "was initiated in",
        "was initiated on",
        "initiated in",
        "initiated on",
        "introduced in",
        "was introduced in",
        "reinfused on",
        "administered on",
        "was administered on",
    ];
    words.contains(&bare)
        || dosed(bare)
        || bare.starts_with("from ") && (bare.ends_with(" in") || bare.ends_with(" on"))
        || bare.starts_with("done in ") && !bare.contains(',')
        || bare.starts_with("infused") && bare.ends_with(" on")
        || bare.starts_with("was infused") && bare.ends_with(" on")
        || bare.ends_with("starting in")
        || bare.ends_with("started on")
        || bare.ends_with("since") && !bare.contains(',')
        || bare.ends_with("weekly x4 in")
        || bare.ends_with("weekly in")
        || bare.starts_with('x') && bare.ends_with(" in")
        || bare.ends_with("day 0 was")
}

/// `100 mg bd in`, `560 mg daily from`: the dose stands between the course and its date.
fn dosed(gap: &str) -> bool {
    let linked = DOSED_LINKED.iter().any(|word| gap.ends_with(word));
    linked
        && gap.starts_with(|of: char| of.is_ascii_digit())
        && (gap.contains('g') || gap.contains(" cells"))
        && gap.chars().count() <= 40
        && !gap.contains(',')
}

/// The date behind the course, up to the next one, that ends it.
fn ended<'a>(sheet: &'a Sheet<'_>, name: &Name, own: Territory) -> Option<&'a DateMention> {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let own_end = own.end.min(sentence.end);
    let behind = sheet
        .mentions
        .iter()
        .filter(|of| {
            of.span.start >= name.span.end
                && (of.span.end <= own_end && of.span.start - name.span.end <= 70
                    || is_stopped_later(sheet, name, own, of.span))
        })
        .find(|of| is_end(sheet, of, name))
        .filter(|of| {
            !says(
                stream,
                Span::new(name.span.end, of.span.start),
                words!["复发", "relaps", "response", "进展"],
            )
        });
    let before = sheet
        .mentions
        .iter()
        .rev()
        .find(|of| {
            of.span.end <= name.span.start && of.span.start >= own.start && name.span.start - of.span.end <= 8
        })
        .filter(|of| !(of.span.end..name.span.start).any(|at| stream.at(at) == ','))
        .filter(|of| is_end(sheet, of, name));
    behind.or(before)
}

/// "zanubrutinib from 07-Mar-2023; paused in April; stopped 30-Nov-2023": an item of its own behind the course's, and no other
/// course between.
fn is_stopped_later(sheet: &Sheet<'_>, name: &Name, own: Territory, date: Span) -> bool {
    const REACH: usize = 130;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let listed = sentence.end > 0 && stream.at(sentence.end - 1) == ';' && own.end >= sentence.end;
    if !listed || date.start < sentence.end || date.end > name.span.end + REACH {
        return false;
    }
    let item = sheet.sentence(date.start);
    let opens = Span::new(skip_spaces(stream, item.start), date.start);
    let verb = stream.words_at(opens.start, words!["stopped ", "discontinued ", "停药", "停用", "于"]).next();
    let between = Span::new(sentence.end, item.end);
    let parted = (sentence.end..item.start).all(|at| !matches!(stream.at(at), '.' | '。' | BREAK));
    let course =
        sheet.candidates_in(between).iter().any(|of| of.hit.concept.is("reg") || of.hit.concept.is("drug"));
    verb.is_some() && parted && !course && date.start - opens.start <= 16
}

/// "two years of obinutuzumab maintenance", `2年的来那度胺维持`.
fn years_of(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Time> {
    let stream = &sheet.stream;
    let from = own.start.max(name.span.start.saturating_sub(24));
    (from..name.span.start).find_map(|at| {
        let time = time_at(stream, at).filter(|_| !is_dated(sheet, at))?;
        let gap = stream.lower_text(Span::new(time.span.end.min(name.span.start), name.span.start));
        // "relapsed within 6 months of R-CHOP": how long after it, not how long it lasted.
        let apart = stream.reads_back_any(at, words!["within ", "within the last ", "less than ", "under "]);
        let linked = ["of", "of oral", "的"].contains(&gap.trim());
        (time.span.end <= name.span.start && linked && !apart).then_some(time)
    })
}

/// `ibrutinib for 3 years`, `伊布替尼12个月PD`, `来那度胺口服2月`, `服药3个月后PD`, "stopped for progression after 11 months".
fn lasted(sheet: &Sheet<'_>, name: &Name, own: Territory, draft: &mut Draft) {
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + 66);
    let event = super::count::until_event(sheet, Span::new(name.span.end, until));
    let stopped = says(
        stream,
        Span::new(name.span.end, event),
        words!["stopped for", "stopped because of", "discontinued for"],
    );
    let until = if stopped { until } else { event };
    // Cells and transplants are given on a day: "completed axi-cel infusion on 5/22/2023".
    if super::is_cell_therapy(sheet, &name.concept)
        || matches!(name.concept.as_str(), "reg.asct" | "reg.allosct")
    {
        return;
    }
    let ahead = years_of(sheet, name, own);
    let found = (name.span.end..until).find_map(|at| {
        let time: Time = time_at(stream, at)?;
        let every = stream.reads_back_any(at, LASTED_EVERY);
        let ago = stream.reads_any(skip_spaces(stream, time.span.end), words!["前", "ago", "earlier"]);
        if every || ago || is_dated(sheet, at) {
            return None;
        }
        let lead = Span::new(name.span.end.max(at.saturating_sub(20)), at);
        let gap = stream.lower_text(Span::new(name.span.end, at));
        let said = stream.reads_back_any(at, PERIOD_LASTS);
        let beside = gap.trim().is_empty() || ["单药", "治疗", "口服", "方案"].contains(&gap.trim());
        let of_event = says(stream, lead, LASTED_OF_EVENT);
        let later = stands(stream, time.span.end, "后") && !said
            || stands(stream, skip_spaces(stream, time.span.end), "later")
            || stands(stream, time.span.end, "后复发")
            || stands(stream, time.span.end, "后再");
        // "6 R-CHOP, then nothing for 3 years": how long no treatment was given.
        let untreated = says(
            stream,
            lead,
            words![
                "nothing",
                "no treatment",
                "without treatment",
                "watched",
                "observ",
                "未治疗",
                "观察",
                "停药"
            ],
        );
        ((said || beside) && !of_event && !later && !untreated).then_some(time)
    });
    if let Some(time) = found.or(ahead) {
        draft.set(Attr::Duration, AttrValue::Text(time.as_printed()));
        if time.span.end <= event {
            draft.span = draft.span.to(time.span);
        }
    }
}
