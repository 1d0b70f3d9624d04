//! Words that may stand between an analyte and its value, or between two of its values.

use crate::{
    stream::is_han,
    vocabulary::lab::{
        BACKWARD, BACKWARD_HAN, EXTREME, EXTREME_HAN, FORWARD, FORWARD_HAN, LEADS_TO_VALUE, OF_TREATMENT,
        PLAIN, PLAIN_HAN, WEIGH_ENDS_TREATMENT,
    },
};

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

/// Whether only words of a value statement stand here.
pub(super) fn is_plain(gap: &str) -> bool {
    weigh(gap).is_some()
}

/// Whether the last word before a number leads to a value, whatever stands before it.
pub(super) fn leads_to_value(gap: &str) -> bool {
    LEADS_TO_VALUE.iter().any(|word| gap.trim_end().ends_with(word)) && !gap.contains([',', ';'])
}

/// How the gap between two numbers joins them; nothing when something else is said there.
pub(super) fn link(gap: &str) -> Option<Link> {
    if ["->", "→", "=>", ">>", "➔", "⇒"].iter().any(|sign| gap.contains(sign)) {
        return Some(Link::Forward);
    }
    // "by D+20 it was back at 57%"
    let back =
        ["back at ", "back to ", "back up ", "back down ", "back in "].iter().any(|word| gap.contains(word));
    if is_after_treatment(gap) || back && weigh(gap).is_some() {
        return Some(Link::Forward);
    }
    if let Some(link) = behind_the_former(gap) {
        return Some(link);
    }
    // Where a new sentence goes on with the course, its words say the order.
    let last = gap.rsplit([';', '。']).next().unwrap_or(gap);
    weigh(gap)?;
    // `(入院) 188,(出院) 96`
    if last.contains("出院") && !last.contains("入院") {
        return Some(Link::Forward);
    }
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

/// "62% at baseline, 51%", "1,480 today, 900": the word before the comma is of the value before it.
fn behind_the_former(gap: &str) -> Option<Link> {
    let (former, next) = gap.split_once(',')?;
    let (of_former, of_next) = (weigh(former)?, weigh(next)?);
    let silent = !(of_next.on || of_next.back || of_next.extreme);
    let today = former.split_whitespace().any(|word| matches!(word, "now" | "today" | "currently"));
    match of_former {
        Weighed { back: true, from: false, on: false, .. } if silent => Some(Link::Forward),
        Weighed { on: true, back: false, .. } if silent && today => Some(Link::Backward),
        // "131 now, was 80 on admission"
        Weighed { on: true, back: false, .. } if today && of_next.back && !of_next.on => Some(Link::Backward),
        _ => None,
    }
}

/// `,予别嘌醇、水化碱化后降至`: whatever was done stands between, and the verb behind it says that the value moved on.
fn is_after_treatment(gap: &str) -> bool {
    const LONGEST: usize = 24;
    let Some((done, moved)) = gap.rsplit_once('后') else { return false };
    let done = done.trim_start_matches([',', ' ']);
    let moved = weigh(moved).is_some_and(|of| of.on && !of.back && !of.extreme);
    moved && !done.is_empty() && done.chars().count() <= LONGEST && !done.contains([';', '。', ',', '('])
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
            _ if WEIGH_ENDS_TREATMENT.contains(&word) => 0,
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
