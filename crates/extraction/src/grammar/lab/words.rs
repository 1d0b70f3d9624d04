//! Words that may stand between an analyte and its value, or between two of its values.

use crate::stream::is_han;

/// How one value of a course follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// The later value replaces the earlier one: `142 -> 61`, "has fallen to".
    Forward,
    /// The value told second is the older one: "98, down from 131", "(previously 55%)".
    Backward,
    /// The worst value of a course: "nadir 0.9", `最低8`.
    Extreme,
    /// Side by side without a word.
    Listed,
}

const FORWARD: &[&str] = &[
    "to",
    "became",
    "becoming",
    "came",
    "went",
    "now",
    "then",
    "today",
    "currently",
    "presently",
    "fell",
    "rose",
    "dropped",
    "fallen",
    "risen",
    "recovered",
    "recovering",
    "improved",
    "improving",
    "falling",
    "rising",
    "settled",
    "increased",
    "decreased",
    "climbed",
    "later",
    "subsequently",
    "reached",
    "latest",
    "repeat",
    "down",
];
const BACKWARD: &[&str] = &[
    "was",
    "were",
    "had",
    "previously",
    "vs",
    "versus",
    "from",
    "before",
    "prior",
    "last",
    "compared",
    "baseline",
    "earlier",
    "previous",
    "initially",
    "originally",
    "against",
];
const EXTREME: &[&str] = &[
    "peak", "peaked", "nadir", "peaking", "nadired", "bottomed", "maximal", "maximum", "lowest", "highest",
    "max", "worst",
];
/// Words of an English value statement that say nothing of order.
const PLAIN: &[&str] = &[
    "is",
    "are",
    "be",
    "been",
    "of",
    "at",
    "only",
    "about",
    "approximately",
    "approx",
    "around",
    "ca",
    "roughly",
    "nearly",
    "almost",
    "just",
    "over",
    "under",
    "below",
    "above",
    "more",
    "less",
    "than",
    "greater",
    "exceeding",
    "steady",
    "stable",
    "remains",
    "remained",
    "remaining",
    "normal",
    "raised",
    "elevated",
    "low",
    "high",
    "this",
    "morning",
    "yesterday",
    "still",
    "has",
    "have",
    "drifted",
    "up",
    "count",
    "counts",
    "level",
    "levels",
    "value",
    "values",
    "reading",
    "result",
    "as",
    "the",
    "came",
    "back",
    "measured",
    "stands",
    "stood",
    "went",
    "declined",
    "slipped",
    "dipped",
    "plateaued",
    "on",
    "in",
    "and",
    "a",
    "an",
    "it",
    "by",
    "with",
    "week",
    "weeks",
    "day",
    "days",
    "since",
    "same",
    "fortnight",
    "ago",
    "admission",
    "diagnosis",
    "discharge",
    "cycle",
    "cycles",
    "treatment",
    "therapy",
    "chemotherapy",
    "transfusion",
    "steroids",
    "post",
    "after",
    "preserved",
    "maintained",
    "tocilizumab",
    "echo",
    "echocardiogram",
    "echocardiography",
    "muga",
    "nasal",
    "cannula",
    "oxygen",
    "mask",
    "via",
    "room",
    "air",
    "estimated",
    "calculated",
    "absolute",
    "total",
    "serum",
    "plasma",
    "most",
    "recent",
    "his",
    "her",
    "my",
    "but",
    "which",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "month",
    "months",
    "until",
    "presentation",
];

const FORWARD_HAN: &[&str] = &[
    "逐渐下降至",
    "逐渐升至",
    "下降至",
    "下降到",
    "上升至",
    "上升到",
    "回升至",
    "回升到",
    "恢复至",
    "恢复到",
    "增加至",
    "增加到",
    "升高至",
    "升高到",
    "降低至",
    "降低到",
    "减少至",
    "减少到",
    "降至",
    "降到",
    "升至",
    "升到",
    "增至",
    "减至",
    "升到了",
    "降到了",
    "涨到了",
    "掉到了",
    "回到了",
    "涨到",
    "掉到",
    "跌到",
    "回到",
    "降为",
    "升为",
    "转为",
    "变为",
    "现为",
    "目前",
    "今日",
    "复查",
    "随后",
    "近期",
    "今",
    "现",
    "后",
    "再",
    "至",
    "到",
];
const BACKWARD_HAN: &[&str] = &[
    "前次",
    "上次",
    "此前",
    "之前",
    "既往",
    "较前",
    "入院时",
    "初诊时",
    "当时",
    "基线",
    "治疗前",
    "化疗前",
    "用药前",
    "回输前",
    "上周",
    "上月",
    "上个月",
    "去年",
    "个月前",
    "月前",
    "年前",
    "周前",
    "天前",
    "日前",
    "昨日",
    "昨天",
    "原为",
    "原",
    "前",
];
const EXTREME_HAN: &[&str] =
    &["最低降至", "最高升至", "最低至", "最高至", "最高达", "最低", "最高", "峰值", "谷值", "最大"];
const PLAIN_HAN: &[&str] = &[
    "逐渐",
    "明显",
    "予",
    "给予",
    "补充",
    "悬液",
    "经",
    "支持",
    "输血",
    "升白",
    "促",
    "对症",
    "进一步",
    "波动",
    "约为",
    "大约",
    "大概",
    "差不多",
    "左右",
    "只有",
    "仅有",
    "还有",
    "还是",
    "就是",
    "结果",
    "水平",
    "计数",
    "定量",
    "检测",
    "测定",
    "提示",
    "正常",
    "稳定",
    "持续",
    "维持",
    "偏低",
    "偏高",
    "升高",
    "降低",
    "减低",
    "增高",
    "下降",
    "上升",
    "低于",
    "高于",
    "大于",
    "小于",
    "超过",
    "不足",
    "已经",
    "大概",
    "化疗",
    "治疗",
    "输注",
    "血小板",
    "红细胞",
    "激素",
    "回输",
    "入院",
    "出院",
    "用药",
    "疗程",
    "周期",
    "当日",
    "水平",
    "数值",
    "血",
    "为",
    "是",
    "约",
    "达",
    "仅",
    "只",
    "才",
    "在",
    "由",
    "从",
    "自",
    "已",
    "仍",
    "值",
    "查",
    "示",
    "的",
    "时",
    "日",
    "天",
    "程",
    "第",
    "次",
    "于",
    "有",
];

/// Whether only words of a value statement stand here.
pub(super) fn is_plain(gap: &str) -> bool {
    weigh(gap).is_some()
}

/// Whether the last word before a number leads to a value, whatever stands before it.
pub(super) fn leads_to_value(gap: &str) -> bool {
    const LAST: &[&str] =
        &["of", "from", "was", "is", "at", "to", "were", "about", "约", "为", "由", "从", "达", "是"];
    LAST.iter().any(|word| gap.trim_end().ends_with(word)) && !gap.contains([',', ';'])
}

/// How the gap between two numbers joins them; nothing when something else is said there.
pub(super) fn link(gap: &str) -> Option<Link> {
    if ["->", "→", "=>", ">>", "➔", "⇒"].iter().any(|sign| gap.contains(sign)) {
        return Some(Link::Forward);
    }
    // Where a new sentence goes on with the course, its words say the order.
    let last = gap.rsplit([';', '。']).next().unwrap_or(gap);
    weigh(gap)?;
    let found = weigh(last)?;
    Some(match found {
        // "14,200 at the worst, is down to 1,310"
        Weighed { extreme: true, on: true, .. } => Link::Forward,
        Weighed { extreme: true, .. } => Link::Extreme,
        Weighed { back: true, on, from, .. } if !on || from => Link::Backward,
        Weighed { on: true, .. } => Link::Forward,
        _ => Link::Listed,
    })
}

/// Whether the worst value of a course is told: "nadir 0.9", `最高达`.
pub(super) fn is_extreme(gap: &str) -> bool {
    weigh(gap).is_some_and(|of| of.extreme)
}

#[derive(Clone, Copy, Debug, Default)]
struct Weighed {
    on: bool,
    back: bool,
    from: bool,
    extreme: bool,
}

/// Reads every word of a gap; nothing when one is no word of a course.
fn weigh(gap: &str) -> Option<Weighed> {
    const OF_TREATMENT: &[&str] =
        &["before", "after", "since", "on", "with", "post", "following", "despite", "under"];
    const ENDS_TREATMENT: &[&str] = &["and", "is", "now", "today", "but", "then"];
    const MOST: usize = 4;
    let mut found = Weighed::default();
    let mut free = 0;
    for word in gap.split(|of: char| !of.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.starts_with(is_han) {
            weigh_han(word, &mut found)?;
        } else if FORWARD.contains(&word) {
            found.on = true;
        } else if BACKWARD.contains(&word) {
            found.back = true;
            found.from |= word == "from";
        } else if EXTREME.contains(&word) {
            found.extreme = true;
        } else if !PLAIN.contains(&word) && free == 0 {
            return None;
        }
        // "before entecavir", "before all this began": what stands behind such a word is the treatment or the time.
        free = match word {
            "before" | "after" | "since" | "following" => MOST,
            _ if OF_TREATMENT.contains(&word) => 1,
            _ if ENDS_TREATMENT.contains(&word) => 0,
            _ => free.saturating_sub(1),
        };
    }
    Some(found)
}

fn weigh_han(word: &str, found: &mut Weighed) -> Option<()> {
    let mut rest = word;
    while !rest.is_empty() {
        let longest = |list: &[&str]| {
            list.iter().filter(|of| rest.starts_with(**of)).map(|of| of.len()).max().unwrap_or(0)
        };
        let (on, back) = (longest(FORWARD_HAN), longest(BACKWARD_HAN));
        let (extreme, plain) = (longest(EXTREME_HAN), longest(PLAIN_HAN));
        let most = on.max(back).max(extreme).max(plain);
        if most == 0 {
            return None;
        }
        if extreme == most {
            found.extreme = true;
        } else if plain == most {
        } else if on == most {
            found.on = true;
        } else {
            found.back = true;
        }
        rest = &rest[most..];
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_between_two_values_say_their_order() {
        for (gap, of) in [
            (" -> ", Some(Link::Forward)),
            (" and has fallen to ", Some(Link::Forward)),
            (", down from ", Some(Link::Backward)),
            (" (previously ", Some(Link::Backward)),
            (" (was ", Some(Link::Backward)),
            (" and now ", Some(Link::Forward)),
            ("降至", Some(Link::Forward)),
            (",输注后升至", Some(Link::Forward)),
            (",最低", Some(Link::Extreme)),
            (", ", Some(Link::Listed)),
            (" before entecavir and is now below ", Some(Link::Forward)),
            (" with a mass of ", None),
            (",最大径", None),
        ] {
            assert_eq!(link(gap), of, "{gap}");
        }
    }
}
