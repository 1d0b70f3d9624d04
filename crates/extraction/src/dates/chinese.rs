//! Dates in Chinese words: `2022年5月10日`, `今年3月`, `上月20日`, `次年4月`, `1年半前`, `回输后28天`, `2021年冬`.

use super::{
    numeric::{begins_clause, count},
    said::{Said, When},
    words::{
        chinese_number, day_of, digits, month_and_day, month_of, one_of, skip_space, starts_with, year_at,
    },
};
use crate::{
    stream::{Span, Stream},
    vocabulary::dates::{LATER_DAY_OTHER, LATER_DAY_ZERO, MONTH_OF_YEAR_PART, REST_PART},
    words::{List, Place, words},
};
use cartulary_model::PartialDate;

/// `2022年5月10日`, `2022年5月`, `2022年`, `2021年冬`, `2021年底`, `21年3月`.
pub(super) fn with_year(stream: &Stream, at: usize) -> Option<Said> {
    let (year, end) =
        year_at(stream, at).or_else(|| short_year(stream, at)).or_else(|| republican_year(stream, at))?;
    let sign = skip_space(stream, end);
    if stream.at(sign) != '年' {
        return None;
    }
    if let Some(months) = months_of_year(stream, at, year, sign + 1) {
        return Some(months);
    }
    let rest = rest(stream, sign + 1);
    let date = match (rest.month, rest.day) {
        (Some(month), Some(day)) => PartialDate::from_day(year, month, day)?,
        (Some(month), None) => PartialDate::from_month(year, month)?,
        (None, _) => PartialDate::from_year(year)?,
    };
    Some(Said { season: rest.season, ..Said::new(at, rest.end, When::Full(date)) })
}

/// `2019年3-8月`, `2020年3、4月`: from one month to another of a year.
fn months_of_year(stream: &Stream, at: usize, year: i16, after: usize) -> Option<Said> {
    let (first, end) = digits(stream, skip_space(stream, after), 2)?;
    let joined = one_of(stream, end, words!["-", "~", "、", "至", "到"])?;
    let (last, end) = digits(stream, joined, 2)?;
    let whole =
        stream.at(end) == '月' && digits(stream, end + 1, 2).is_none_or(|(_, day)| stream.at(day) != '日');
    let (from, until) = (month_of(year, first)?, month_of(year, last)?);
    (whole && from < until)
        .then(|| Said { until: Some(When::Full(until)), ..Said::new(at, end + 1, When::Full(from)) })
}

/// `21年3月`, `15年秋`, `22年初`: two digits are a year only where a month, a season or a part of the year follows;
/// `5年3月` is an age or a span.
fn short_year(stream: &Stream, at: usize) -> Option<(i16, usize)> {
    let (year, end) = digits(stream, at, 2)?;
    let part = stream.at(end) == '年'
        && matches!(stream.at(end + 1), '春' | '夏' | '秋' | '冬' | '初' | '底' | '末');
    let month = digits(stream, skip_space(stream, skip_space(stream, end) + 1), 2);
    let month = month.filter(|(month, end)| stream.at(*end) == '月' && month_of(2000, *month).is_some());
    let likely =
        end - at == 2 && (0..50).contains(&year) && (month.is_some() || part) && stream.at(end) == '年';
    likely.then(|| i16::try_from(2000 + year).ok().map(|year| (year, end))).flatten()
}

/// `民国112年8月`, `113年2月` in papers from Taiwan: years of the Republic are counted from 1911. Without the era's name
/// three digits and a month must stand there: nobody is 113 years and 2 months old.
fn republican_year(stream: &Stream, at: usize) -> Option<(i16, usize)> {
    let (year, end) = digits(stream, at, 3)?;
    let named = at >= 2 && starts_with(stream, at - 2, "民国");
    let month = digits(stream, skip_space(stream, skip_space(stream, end) + 1), 2);
    let month = month.is_some_and(|(month, end)| stream.at(end) == '月' && month_of(2000, month).is_some());
    let likely =
        stream.at(skip_space(stream, end)) == '年' && (named || month && (100..=150).contains(&year));
    likely.then(|| i16::try_from(1911 + year).ok().map(|year| (year, end))).flatten()
}

/// Month, day or season behind a year.
struct Rest {
    month: Option<i8>,
    day: Option<i8>,
    season: bool,
    end: usize,
}

fn rest(stream: &Stream, after: usize) -> Rest {
    let none = Rest { month: None, day: None, season: false, end: after };
    let begin = skip_space(stream, after);
    if let Some((month, day, end)) = month_of_year(stream, begin) {
        return Rest { month: Some(month), day, season: false, end };
    }
    // 春节 is a feast and no season.
    if matches!(stream.at(begin), '春' | '夏' | '秋' | '冬') && stream.at(begin + 1) != '节' {
        let end = begin + 1 + usize::from(matches!(stream.at(begin + 1), '季' | '天'));
        return Rest { season: true, end, ..none };
    }
    match one_of(stream, begin, REST_PART) {
        Some(end) => Rest { end, ..none },
        None => none,
    }
}

/// `5月10日`, `5月`, `5月初` and where it ends.
fn month_of_year(stream: &Stream, at: usize) -> Option<(i8, Option<i8>, usize)> {
    let (month, month_end) = count(stream, at).filter(|(month, _)| month_of(2000, *month).is_some())?;
    let sign = skip_space(stream, month_end);
    let month_number = i8::try_from(month).ok()?;
    // `次年3.20复查`: a point in place of 月.
    if matches!(stream.at(sign), '.' | '-') && at != sign {
        let (day, end) = digits(stream, sign + 1, 2)?;
        return month_and_day(month, day).map(|(month, day)| (month, Some(day), end));
    }
    if stream.at(sign) != '月' {
        return None;
    }
    let begin = skip_space(stream, sign + 1);
    if let Some((day, day_end)) = digits(stream, begin, 2) {
        let end = skip_space(stream, day_end);
        if matches!(stream.at(end), '日' | '号')
            && let Some((month, day)) = month_and_day(month, day)
        {
            return Some((month, Some(day), end + 1));
        }
    }
    // `2023年1月末程结束`: the last cycle, not the end of the month.
    let last_cycle = stream.reads_any(sign + 1, words!["末程", "末次", "初治", "初诊", "末线"]);
    let part = one_of(stream, sign + 1, MONTH_OF_YEAR_PART).filter(|_| !last_cycle);
    Some((month_number, None, part.unwrap_or(sign + 1)))
}

/// `5月10日`, `3月`; not `3月前`, `近3月`.
pub(super) fn month(stream: &Stream, at: usize) -> Option<Said> {
    let (month, end) = digits(stream, at, 2)?;
    if stream.at(end) != '月' {
        return None;
    }
    let (month, day, said_end) = month_of_year(stream, at).filter(|_| month_of(2000, month).is_some())?;
    let duration = matches!(stream.at(said_end), '前' | '后' | '余' | '龄' | '内' | '多' | '大');
    let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    // `入院前2月`, `术后3月`: a span and no month.
    let counted = matches!(
        before,
        '近' | '每' | '约' | '共' | '后' | '前' | '隔' | '达' | '过' | '满' | '第' | '余' | '了' | '又'
    );
    let known = day.is_some() || (!duration && !counted && !is_length(stream, at, end + 1));
    known.then(|| Said::new(at, said_end, When::Yearless { month, day }))
}

/// `口服伊布替尼6月,`, `咳嗽1月`: a number of months that closes its clause right behind a word is how long it went on.
/// What happened in a month is told behind the month (`3月复发`), and a month is led by a word of time (`于3月`).
fn is_length(stream: &Stream, at: usize, end: usize) -> bool {
    const CLAUSE: usize = 14;
    let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    let led = matches!(
        before,
        '于' | '自'
            | '从'
            | '至'
            | '到'
            | '在'
            | '年'
            | '及'
            | '和'
            | '与'
            | '今'
            | '本'
            | '即'
            | '定'
            | '为'
            | '是'
    );
    let closes =
        matches!(stream.at(end), ',' | ';' | '。' | ')' | crate::stream::BREAK) || end >= stream.len();
    let clause = (at.saturating_sub(CLAUSE)..at)
        .rev()
        .find(|of| matches!(stream.at(*of), ',' | ';' | '。' | '\n'))
        .map_or(at.saturating_sub(CLAUSE), |of| of + 1);
    let fixed = words![
        "末次", "上次", "时间", "日期", "预约", "预计", "拟", "计划", "择期", "下次", "年", "初诊", "首诊"
    ];
    let says = |words| stream.words_in(Span::new(clause, at), words).next().is_some();
    // `2022年9月起口服伊布替尼6月`: since then, for so long.
    let since = says(words!["起"]);
    crate::stream::is_han(before) && !led && closes && (since || !says(fixed))
}

/// A bare `8日` behind a date of its month.
pub(super) fn day(stream: &Stream, at: usize, told: bool) -> Option<Said> {
    let (day, end) = digits(stream, at, 2).filter(|_| told)?;
    let alone = stream.at(end) == '日' && !matches!(stream.at(end + 1), '前' | '后' | '龄' | '内' | '剂');
    let day =
        i8::try_from(day).ok().filter(|day| alone && (1..=31).contains(day) && begins_clause(stream, at))?;
    Some(Said::new(at, end + 1, When::MonthsFromLast { months: 0, day: Some(day) }))
}

/// `3月前`, `2年前`, `3个月前`, `1年半前`, `两周前`, `10天前`, `2年余前`.
pub(super) fn ago(stream: &Stream, at: usize) -> Option<Said> {
    let half = stream.at(at) == '半';
    let (number, after) = if half { (0, at) } else { count(stream, at)? };
    let mut end = skip_space(stream, after);
    // Behind most numbers neither an interval nor what may stand before it follows.
    if !matches!(
        stream.at(end),
        '余' | '多' | '+' | '半' | '个' | '年' | '月' | '周' | '星' | '礼' | '天' | '日'
    ) {
        return None;
    }
    end = one_of(stream, end, words!["余", "多", "+"]).unwrap_or(end);
    let halved = stream.at(end) == '半';
    end += usize::from(halved);
    end = one_of(stream, end, words!["个"]).unwrap_or(end);
    let (when, unit_end) = interval(stream, end, number, halved)?;
    let mut unit_end = unit_end;
    let mut when = when;
    if stream.at(unit_end) == '半' {
        unit_end += 1;
        when = match when {
            When::YearsFromPaper { years, .. } => {
                When::MonthsFromPaper { months: i32::from(years) * 12 - 6, day: None }
            }
            other => other,
        };
    }
    unit_end = one_of(stream, unit_end, words!["余", "多", "+"]).unwrap_or(unit_end);
    // 前列腺 is a gland, and `2月前后` no interval.
    let before = stream.at(unit_end) == '前' && !matches!(stream.at(unit_end + 1), '列' | '后' | '纵');
    let before_that = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    (before && before_that != '第').then(|| Said::new(at, unit_end + 1, when))
}

fn interval(stream: &Stream, at: usize, number: i32, halved: bool) -> Option<(When, usize)> {
    let months = |months: i32| When::MonthsFromPaper { months: -months, day: None };
    let days = |days: i32| When::DaysFromPaper { days: -days, to_the_day: true };
    if let Some(end) = one_of(stream, at, words!["年"]) {
        let when = if halved {
            months(number * 12 + 6)
        } else {
            When::YearsFromPaper { years: i16::try_from(-number).ok()?, month: None, day: None }
        };
        return Some((when, end));
    }
    if let Some(end) = one_of(stream, at, words!["月"]) {
        let when = if halved && number == 0 { days(15) } else { months(number) };
        return Some((when, end));
    }
    if let Some(end) = one_of(stream, at, words!["周", "星期", "礼拜"]) {
        return Some((days(number * 7), end));
    }
    one_of(stream, at, words!["天", "日"]).map(|end| (days(number), end))
}

/// Words that count from the document's or from the last date.
pub(super) fn relative(stream: &Stream, at: usize) -> Option<Said> {
    if matches!(stream.at(at), '下' | '上' | '本' | '这' | '周' | '星' | '礼')
        && let Some(said) = super::weekday::chinese(stream, at)
    {
        return Some(said);
    }
    match stream.at(at) {
        '今' | '本' | '去' | '大' | '前' | '上' | '昨' | '下' => from_paper(stream, at),
        '同' | '次' | '翌' | '当' => from_last(stream, at),
        '回' | '输' | '移' | '+' => day_count(stream, at),
        '第' => later_day(stream, at),
        '半' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {
            ago(stream, at)
        }
        _ => None,
    }
}

fn from_paper(stream: &Stream, at: usize) -> Option<Said> {
    let years = [("今年", 0), ("本年", 0), ("去年", -1), ("大前年", -3), ("前年", -2)];
    if let Some((word, years)) = years.into_iter().find(|(word, _)| starts_with(stream, at, word)) {
        let rest = rest(stream, at + word.chars().count());
        let when = When::YearsFromPaper { years, month: rest.month, day: rest.day };
        return Some(Said { season: rest.season, ..Said::new(at, rest.end, when) });
    }
    let months = [("上上个月", -2), ("上个月", -1), ("上月", -1), ("本月", 0), ("这个月", 0)];
    if let Some((word, months)) = months.into_iter().find(|(word, _)| starts_with(stream, at, word)) {
        let (day, end) = day_behind(stream, at + word.chars().count());
        return Some(Said::new(at, end, When::MonthsFromPaper { months, day }));
    }
    // `下月5日`: a day of a plan; `下月` alone is too wide for a date.
    if let Some(begin) = one_of(stream, at, words!["下个月", "下月"])
        && let (Some(day), end) = day_behind(stream, begin)
    {
        return Some(Said::new(at, end, When::MonthsFromPaper { months: 1, day: Some(day) }));
    }
    let days =
        [("昨日", -1, true), ("昨天", -1, true), ("今日", 0, true), ("今天", 0, true), ("今晨", 0, true)];
    let weeks = [("上周", -7, false), ("上星期", -7, false), ("前天", -2, true), ("前日", -2, true)];
    days.into_iter().chain(weeks).find(|(word, ..)| starts_with(stream, at, word)).map(
        |(word, days, to_the_day)| {
            Said::new(at, at + word.chars().count(), When::DaysFromPaper { days, to_the_day })
        },
    )
}

fn from_last(stream: &Stream, at: usize) -> Option<Said> {
    let years = [("次年", 1), ("翌年", 1), ("同年", 0), ("当年", 0)];
    if let Some((word, years)) = years.into_iter().find(|(word, _)| starts_with(stream, at, word)) {
        let rest = rest(stream, at + word.chars().count());
        let when = When::YearsFromLast { years, month: rest.month, day: rest.day };
        return Some(Said { season: rest.season, ..Said::new(at, rest.end, when) });
    }
    let months = [("次月", 1), ("翌月", 1), ("同月", 0), ("当月", 0)];
    if let Some((word, months)) = months.into_iter().find(|(word, _)| starts_with(stream, at, word)) {
        let (day, end) = day_behind(stream, at + word.chars().count());
        return Some(Said::new(at, end, When::MonthsFromLast { months, day }));
    }
    one_of(stream, at, words!["次日", "翌日"]).map(|end| Said::new(at, end, When::NextDay))
}

/// `20日` behind a month word.
fn day_behind(stream: &Stream, at: usize) -> (Option<i8>, usize) {
    let found = digits(stream, at, 2)
        .filter(|(day, end)| matches!(stream.at(*end), '日' | '号') && day_of(2024, 1, *day).is_some());
    match found {
        Some((day, end)) => (i8::try_from(day).ok(), end + 1),
        None => (None, at),
    }
}

/// `2024-05-20回输阿基仑赛,第3天出现CRS`: a day counted from an infusion told just before, not one of a cycle.
fn later_day(stream: &Stream, at: usize) -> Option<Said> {
    const REACH: usize = 60;
    let (days, end) = digits(stream, at + 1, 3)?;
    let end = one_of(stream, end, words!["天", "日"])?;
    let told = Span::new(at.saturating_sub(REACH), at);
    let last = |words: &List| stream.words_in(told, words).next_back().map(Place::start);
    let zero = last(LATER_DAY_ZERO)?;
    let other = last(LATER_DAY_OTHER);
    other.is_none_or(|of| of < zero).then(|| Said::new(at, end, When::DayCount(days)))
}

/// `回输后28天`, `移植后第100天`, `+100天`, `回输后3周`.
fn day_count(stream: &Stream, at: usize) -> Option<Said> {
    let after = one_of(stream, at, words!["回输后", "输注后", "输后", "移植后", "+"])?;
    let begin = one_of(stream, after, words!["第", "+", "d", "d+"]).unwrap_or(after);
    let (days, end) = digits(stream, begin, 3).or_else(|| chinese_number(stream, begin))?;
    if let Some(end) = one_of(stream, end, words!["周", "星期"]).filter(|_| after == begin) {
        return (stream.at(end) != '期').then(|| Said::new(at, end, When::DayCount(7 * days)));
    }
    let unit = one_of(stream, end, words!["天", "日"]);
    let lettered = begin > after && matches!(stream.at(begin - 1), 'd' | 'D');
    let end = unit.or(lettered.then_some(end))?;
    Some(Said::new(at, end, When::DayCount(days)))
}
