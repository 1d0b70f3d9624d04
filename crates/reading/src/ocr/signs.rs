//! Signs that look alike, told apart by their neighbours.
//!
//! To the network a raised nine is often a degree sign, `+` is `十`, `Ⅲ` is `川`. Where the neighbours leave no other
//! reading, the sign is settled; what the network read is kept beside it. Each rule replaces one character by one, so that
//! places stay right, and none touches a letter or a figure that could be what it looks like.

mod letters;

use letters::{
    area_from_nought, blood_group, capital, capital_i, coding_change, frame_shift, graded_from_nought,
    in_small_letters, interferon, letter_o, october, one_of_unit, protein_place, sex_chromosome, tenth,
};

/// The text with its signs settled; nothing if none needed it.
pub(crate) fn settled(text: &str) -> Option<String> {
    let read: Vec<char> = text.chars().collect();
    let mut settled = read.clone();
    for at in 0..read.len() {
        // The neighbours are looked at as already settled: `(十/十)`.
        if let Some(sign) = sign(&settled, at) {
            settled[at] = sign;
        }
    }
    (settled != read).then(|| settled.into_iter().collect())
}

fn sign(text: &[char], at: usize) -> Option<char> {
    match text[at] {
        '°' | 'º' | 'ª' | '%' | '"' | '\'' => raised_nine(text, at).then_some('⁹'),
        '1' | 'I' | 'l' | '|' if first_class(text, at) => Some('Ⅰ'),
        '1' | 'I' | '|' if litre(text, at) => Some(if in_capitals(text) { 'L' } else { 'l' }),
        '1' if in_small_letters(text, at) => Some('l'),
        '1' => between_signs(text, at).then_some('/'),
        '|' if index_value(text, at) => Some('I'),
        '|' => (class_sign(text, at)).then_some('Ⅰ'),
        '士' => (text.iter().filter(|c| !c.is_whitespace()).count() == 1).then_some('±'),
        '土' => in_brackets(text, at).then_some('±'),
        '十' => plus(text, at).then_some('+'),
        '川' => stage_three(text, at).then_some('Ⅲ'),
        '个' => upward(text, at).then_some('↑'),
        '0' => (letter_o(text, at) || blood_group(text, at) || october(text, at)).then_some('O'),
        'l' if protein_place(text, at) => Some('1'),
        'l' | 'I' if one_of_unit(text, at) || tenth(text, at) => Some('1'),
        'l' => (capital_i(text, at) || frame_shift(text, at)).then_some('I'),
        'ı' => Some('1'),
        'Y' | 'y' => interferon(text, at).then_some('γ'),
        's' | 'c' | 'o' if cut_off(text) => Some(text[at].to_ascii_uppercase()),
        'o' | 'O' if area_from_nought(text, at) => Some('0'),
        'O' if graded_from_nought(text, at) => Some('0'),
        'x' if sex_chromosome(text, at) => Some('X'),
        'C' if coding_change(text, at) => Some('c'),
        'C' => celsius(text, at).then_some('℃'),
        '℃' => (at > 0 && matches!(text[at - 1], '°' | 'º')).then_some('C'),
        letter => capital(text, at).then(|| letter.to_ascii_uppercase()),
    }
}

/// `×10°/L`, `10%/L`: a power of ten in a litre. No temperature and no share is counted by the litre.
fn raised_nine(text: &[char], at: usize) -> bool {
    let before: String = text[..at].iter().rev().filter(|c| !c.is_whitespace()).take(3).collect();
    let digit_first = before.chars().nth(2).is_some_and(|c| c.is_ascii_digit() || c == '.');
    let after: String = text[at + 1..].iter().filter(|c| !c.is_whitespace()).take(2).collect();
    before.starts_with("01") && !digit_first && ["/L", "/l", "/1", "/I"].contains(&after.as_str())
}

/// `mmol/1`, `U/I`, `10⁹/1`: a unit is divided by litres, not by one.
fn litre(text: &[char], at: usize) -> bool {
    let before: String = text[..at].iter().collect();
    let Some(unit) = before.strip_suffix('/') else { return false };
    // `mg/1 h` and `mg/1 次` are doses: a word behind the figure says what there is one of.
    let follows = text[at + 1..].iter().find(|c| !c.is_whitespace());
    let apart = text.get(at + 1).is_none_or(|c| c.is_whitespace() || ",;，；、)）]".contains(*c));
    let listed = text.get(at + 1).is_some_and(|c| ",;，；、".contains(*c));
    let ends = apart && (listed || follows.is_none_or(|c| !c.is_alphabetic()));
    const UNITS: &[&str] = &[
        "mol", "mmol", "μmol", "umol", "nmol", "pmol", "mg", "μg", "ug", "ng", "g", "G", "T", "U", "IU",
        "mU", "⁹", "¹²",
    ];
    let word = unit.rsplit(|c: char| c.is_whitespace() || c.is_ascii_digit() || "(（[".contains(c)).next();
    ends && word.is_some_and(|word| UNITS.contains(&word) || word.ends_with(['⁹', '²']))
}

/// Litres are written as the rest of the text writes them.
fn in_capitals(text: &[char]) -> bool {
    let litres = |letter: char| text.windows(2).filter(|pair| pair[0] == '/' && pair[1] == letter).count();
    litres('L') >= litres('l')
}

/// `(十)`, `CD20十`, `十十`: a sign of a stain. As a number, `十` stands among Han characters.
fn plus(text: &[char], at: usize) -> bool {
    let before = text[..at].iter().rev().find(|c| !c.is_whitespace());
    let after = text[at + 1..].iter().find(|c| !c.is_whitespace());
    // `（十）其他` is the tenth heading; `(十)` alone is the result in a cell.
    let heading = text.iter().find(|c| !c.is_whitespace()).is_some_and(|c| "(（".contains(*c))
        && text[..at].iter().filter(|c| !c.is_whitespace()).count() == 1
        && text[at + 1..].iter().filter(|c| !c.is_whitespace()).count() > 1;
    if heading {
        return false;
    }
    // `十十十`, and nothing else: no number is written so.
    let signs = || text.iter().filter(|c| !c.is_whitespace());
    let only = signs().count() > 1 && signs().all(|c| "十+".contains(*c));
    let opens = only || before.is_some_and(|c| "(（+".contains(*c));
    let closes = after.is_some_and(|c| ")）+十".contains(*c));
    let marker = before.is_some_and(char::is_ascii_alphanumeric);
    let ends = after.is_none_or(|c| ",，;；、.。)）".contains(*c));
    (opens || marker) && (closes || ends)
}

/// `IgG（土）`: a result, and no soil.
fn in_brackets(text: &[char], at: usize) -> bool {
    at > 0 && "(（".contains(text[at - 1]) && text.get(at + 1).is_some_and(|c| ")）".contains(*c))
}

/// `川期`, `川A`, and a cell that holds nothing else: no river is staged.
fn stage_three(text: &[char], at: usize) -> bool {
    let others = text.iter().filter(|c| !c.is_whitespace()).count();
    let after = text.get(at + 1);
    let Some(next) = after else { return others == 1 };
    "期级".contains(*next)
        || ("ABESXabc".contains(*next) && !text.get(at + 2).is_some_and(char::is_ascii_alphabetic))
}

/// `37.4C`, `2～8C`: a temperature of a body or a store, without its ring.
fn celsius(text: &[char], at: usize) -> bool {
    let is_number = |c: &char| c.is_ascii_digit() || *c == '.';
    let ends = text.get(at + 1).is_none_or(|c| !c.is_ascii_alphanumeric() && !"+-°.".contains(*c));
    let length = text[..at].iter().rev().take_while(|c| is_number(c)).count();
    let number: String = text[at - length..at].iter().collect();
    let before: Vec<char> = text[..at - length].iter().rev().take(2).copied().collect();
    let body =
        number.contains('.') && number.parse().is_ok_and(|degrees: f32| (34.0..43.0).contains(&degrees));
    let ranged = number == "8" && before.len() == 2 && "～~-–—".contains(before[0]) && before[1] == '2';
    let apart = before.first().is_none_or(|c| !c.is_ascii_alphanumeric() || matches!(c, 'T' | 't'));
    ends && apart && (body || ranged)
}

/// `HLA-|类`, `（|级）`: a class in Roman numerals.
fn class_sign(text: &[char], at: usize) -> bool {
    // At the head of a line it may be the rule of a table: `|期别` is no stage.
    let joined = at > 0 && "-(（/、,，~～".contains(text[at - 1]);
    joined && text.get(at + 1).is_some_and(|c| "类级度期型".contains(*c))
}

/// `GM试验|=0.21`: the index of a test.
fn index_value(text: &[char], at: usize) -> bool {
    let before = text[..at].iter().rev().find(|c| !c.is_whitespace());
    let value = text.get(at + 1) == Some(&'=') && text.get(at + 2).is_some_and(char::is_ascii_digit);
    value && before.is_some_and(|c| c.is_alphabetic() && !c.is_ascii())
}

/// `s/co`, alone: a signal over its cut-off.
fn cut_off(text: &[char]) -> bool {
    let bare: String = text.iter().filter(|c| !c.is_whitespace()).collect();
    bare.eq_ignore_ascii_case("s/co")
}

/// `1类/Ⅱ类`, `1~Ⅱ级`: the first of a row of classes in Roman numerals.
fn first_class(text: &[char], at: usize) -> bool {
    const KINDS: &str = "类级度期";
    let apart = at == 0 || !text[at - 1].is_alphanumeric();
    let rest = &text[at + 1..];
    let rest = if rest.first().is_some_and(|c| KINDS.contains(*c)) { &rest[1..] } else { rest };
    let joined = rest.first().is_some_and(|c| "/、~～-–—至或和".contains(*c));
    apart
        && joined
        && rest.get(1).is_some_and(|c| "ⅡⅢⅣ".contains(*c))
        && rest.get(2).is_some_and(|c| KINDS.contains(*c))
}

/// `-1-`, `(-)1(-)`: two results with a stroke between them.
fn between_signs(text: &[char], at: usize) -> bool {
    let sign = |side: &[char]| {
        let side: String = side.iter().filter(|c| !c.is_whitespace()).collect();
        ["-", "+", "(-)", "(+)", "±"].contains(&side.as_str())
    };
    sign(&text[..at]) && sign(&text[at + 1..])
}

/// `12.3个` and a cell of `个` alone: things are counted in whole numbers and named.
fn upward(text: &[char], at: usize) -> bool {
    let rest_is_blank = text[at + 1..].iter().all(|c| c.is_whitespace() || *c == '个');
    let before: String = text[..at].iter().filter(|c| **c != '个' && **c != '↑').collect();
    let before = before.trim();
    let decimal = before.contains('.') && before.chars().all(|c| c.is_ascii_digit() || c == '.');
    rest_is_blank && (before.is_empty() || decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_settled_where_the_neighbours_leave_no_other() {
        for (read, expected) in [
            ("2.2 ×10°/L", "2.2 ×10⁹/L"),
            ("×10% /L", "×10⁹ /L"),
            ("PLT 45×10°/L", "PLT 45×10⁹/L"),
            ("4.4 × 10°/1", "4.4 × 10⁹/L"),
            ("71 μmol/1, ALT 18 U/l", "71 μmol/l, ALT 18 U/l"),
            ("mmol/I", "mmol/L"),
            ("CD20(十), CD3(-)", "CD20(+), CD3(-)"),
            ("BCL6（十）", "BCL6（+）"),
            ("MUM1(十十)", "MUM1(++)"),
            ("十十十", "+++"),
            ("IgG（土）", "IgG（±）"),
            ("CD10十，", "CD10+，"),
            ("(十)", "(+)"),
            ("川期", "Ⅲ期"),
            ("川", "Ⅲ"),
            ("12.3个", "12.3↑"),
            ("个", "↑"),
            ("2023-02-06 REP0RTED", "2023-02-06 REPORTED"),
            ("NAME 0YELARAN-BECK", "NAME OYELARAN-BECK"),
            ("L0SS", "LOSS"),
            ("lgG 6.2 g/L, lgM 0.4", "IgG 6.2 g/L, IgM 0.4"),
            ("aalPI 1分, FLlPI 3", "aaIPI 1分, FLIPI 3"),
            ("HCT-Cl 3, hs-cTnl 4 ng/L", "HCT-CI 3, hs-cTnI 4 ng/L"),
            ("14 mlU/mL", "14 mIU/mL"),
            ("碘海醇350mgl/mL 90mL", "碘海醇350mgI/mL 90mL"),
            ("Stage IIl classical", "Stage III classical"),
            ("stage IlB", "stage IIB"),
            ("CN Il-XII", "CN II-XII"),
            ("-1-", "-/-"),
            ("coMMENT: no clot", "COMMENT: no clot"),
            ("p.Aspl853Asn, p.Metl?", "p.Asp1853Asn, p.Met1?"),
            ("p.Y2199lfs*65", "p.Y2199Ifs*65"),
            ("C.1937A>T, C.35delG", "c.1937A>T, c.35delG"),
            ("T 37.4C，P 94", "T 37.4℃，P 94"),
            ("T≥38.0C急诊", "T≥38.0℃急诊"),
            ("2～8C保存", "2～8℃保存"),
            ("T38.9°℃", "T38.9°C"),
            ("IFN-Y", "IFN-γ"),
            ("尿酸 502μmo1/L", "尿酸 502μmol/L"),
            ("Cyc1inD1（-）、de1(6)(q21)", "CyclinD1（-）、del(6)(q21)"),
            ("p.(Arg248G1n)", "p.(Arg248Gln)"),
            ("上升≥1 1og", "上升≥1 log"),
            ("HLA-|类", "HLA-Ⅰ类"),
            ("0型", "O型"),
            ("28-0ct-24, 0ctober", "28-Oct-24, October"),
            ("士", "±"),
            ("I g", "1 g"),
            ("别嘌醇 0.lg tid", "别嘌醇 0.1g tid"),
            ("Tier Il", "Tier II"),
            ("3,87 T/1", "3,87 T/L"),
            ("s/co", "S/CO"),
            ("体细胞变异（1类/Ⅱ类）", "体细胞变异（Ⅰ类/Ⅱ类）"),
            ("1～Ⅱ级", "Ⅰ～Ⅱ级"),
            ("AUCo-28 1.02", "AUC0-28 1.02"),
            ("(FEVı z -2.08)", "(FEV1 z -2.08)"),
            ("(-) 1 (-)", "(-) / (-)"),
            ("platelets 119 × 10ª/l", "platelets 119 × 10⁹/l"),
            ("GM试验|=0.21", "GM试验I=0.21"),
            ("ICANS O~4级", "ICANS 0~4级"),
            ("ECOG O-1, Deauville (O–5)", "ECOG 0-1, Deauville (0–5)"),
            ("ICANSO～4级", "ICANS0～4级"),
            ("46,xX[9]", "46,XX[9]"),
            ("45,x,-Y", "45,X,-Y"),
            ("47,xxY", "47,XXY"),
        ] {
            assert_eq!(settled(read).as_deref(), Some(expected), "{read}");
        }
    }

    #[test]
    fn what_can_be_what_it_looks_like_stays() {
        for read in [
            "36.5°C",
            "体温 38°",
            "10°",
            "10%",
            "110°/L",
            "转角10°/min",
            "二十个月",
            "十二指肠",
            "三十(30)",
            "四川省",
            "川芎",
            "淋巴结3个",
            "每周2个疗程",
            "1/1",
            "第1/1页",
            "page 1/1",
            "1:1",
            "ratio 1/1",
            "血小板 10%",
            "（十）其他",
            "(十)出院医嘱",
            "100 mg/1 h",
            "50mg/1 次",
            "100mg/1天",
            "5mg1/ml, 5 mg l/min",
            "T0N0M0",
            "ECOG0",
            "PS 0",
            "D0",
            "CD30",
            "10G",
            "0.9% NaCl, Cl 101",
            "Ill-defined mass",
            "cDNA, ctDNA, scRNA, ssDNA, sIL2R, vWF",
            "vitamin C. 5 mg",
            "C. 3 cycles, C.difficile",
            "hepatitis C 38.0",
            "CD38.0C2",
            "t(12;15) 37.4 Ci",
            "AUCo, AUCO",
            "2 × 10ª CD3+ cells",
            "A|=B, |=3, x |= 2",
            "HLA-O-1, PRO-1, O-4级",
            "O型-1",
            "45 x 3, 46,x-ray, 46,xy,t(14;18)",
            "p.Leul",
            "HbA1c, p11.2, H1-2, G1 phase, d1, q1w",
            "10型, 1.0型",
            "|期别",
            "100ct",
            "女士",
            "I am, I gave",
            "IFN-Yb, AFN-Y",
            "s/co 1.2 and more",
            "11类/Ⅱ类",
            "2024/1/Ⅱ",
            "p.Ile256Leu, Val600Glu",
            "ALL, cell, all",
            "-1",
            "1-1-1",
            "",
        ] {
            assert_eq!(settled(read), None, "{read}");
        }
    }

    #[test]
    fn every_character_keeps_its_place() {
        let read = "×10°/L 个";
        let length = settled(read).map(|text| text.chars().count());
        assert_eq!(length, Some(read.chars().count()));
    }
}
