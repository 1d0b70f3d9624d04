//! Letters and figures of one shape, told apart by their word: `O` and `0`, `I`, `l` and `1`, small and capital letters.

/// The letters and figures around a place: where they begin and end.
fn word(text: &[char], at: usize) -> std::ops::Range<usize> {
    let inside = |c: &char| c.is_ascii_alphanumeric();
    let start = text[..at].iter().rev().take_while(|c| inside(c)).count();
    let end = text[at..].iter().take_while(|c| inside(c)).count();
    at - start..at + end
}

/// `REP0RTED`, `0RDER`: a nought in a word of capitals that has no other figure, before a letter. `T0N0M0` is a stage, `ECOG0`
/// a score: letters stand singly there, or the nought last.
pub(super) fn letter_o(text: &[char], at: usize) -> bool {
    let span = word(text, at);
    let others = || span.clone().filter(|place| text[*place] != '0').map(|place| text[place]);
    let run =
        |letters: &mut dyn Iterator<Item = &char>| letters.take_while(|c| c.is_ascii_uppercase()).count();
    let before = run(&mut text[span.start..at].iter().rev());
    let after = run(&mut text[at + 1..span.end].iter());
    others().all(|c| c.is_ascii_uppercase()) && after > 0 && before.max(after) > 1
}

/// `lgG`, `aalPI`, `HCT-Cl`, `cTnl`, `mlU/mL`, `Stage IIl`: names and numerals that are written with a capital I.
pub(super) fn capital_i(text: &[char], at: usize) -> bool {
    let span = word(text, at);
    let is = |before: &str, after: &str| {
        let (before, after): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
        text[span.start..at] == before[..] && text[at + 1..span.end] == after[..]
    };
    let globulin = ["gG", "gM", "gA", "gE", "gD"].iter().any(|class| is("", class));
    let index = ["", "aa", "FL", "M", "R", "NCCN"].iter().any(|kind| is(kind, "PI"));
    let troponin = is("cTn", "") || is("Tn", "");
    let units = text.get(span.end) == Some(&'/');
    let comorbidity = is("C", "") && text[..span.start].ends_with(&['H', 'C', 'T', '-']);
    let iodine = text[..at].ends_with(&['m', 'g']) && text[at + 1..].starts_with(&['/', 'm']);
    globulin
        || iodine
        || index
        || troponin
        || comorbidity
        || (units && (is("m", "U") || is("", "U")))
        || numeral(text, &span)
}

/// A word of nothing but `I` and `l`. `Ill` is a word of its own, but not behind a stage.
fn numeral(text: &[char], span: &std::ops::Range<usize>) -> bool {
    let strokes = text[span.clone()].iter().take_while(|c| matches!(c, 'I' | 'l')).count();
    let tail: String = text[span.start + strokes..span.end].iter().collect();
    let before = text[..span.start].iter().collect::<String>().to_lowercase();
    let staged =
        ["stage ", "stage", "grade ", "type ", "class ", "tier "].iter().any(|word| before.ends_with(word));
    let whole = tail.is_empty() || (staged && ["A", "B", "E", "S", "X", "AE", "BE"].contains(&tail.as_str()));
    let capital = text[span.clone()].contains(&'I');
    let is_ill = text[span.clone()] == ['I', 'l', 'l'] || text[span.clone()] == ['l', 'l'];
    (2..=3).contains(&strokes) && whole && capital && (staged || !is_ill)
}

/// `p.Aspl853Asn`, `p.Metl?`: a change of a protein has a number behind its first amino acid.
pub(super) fn protein_place(text: &[char], at: usize) -> bool {
    let back: Vec<char> =
        text[..at].iter().rev().skip_while(|c| c.is_ascii_digit()).take(5).copied().collect();
    let amino = matches!(back[..], [z, y, x, '.', 'p'] if x.is_ascii_uppercase() && y.is_ascii_lowercase() && z.is_ascii_lowercase());
    let after = text.get(at + 1);
    amino && after.is_some_and(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || "l?=*_".contains(*c))
}

/// `p.Y2199lfs*65`: isoleucine stands between a place and its shift of the frame.
pub(super) fn frame_shift(text: &[char], at: usize) -> bool {
    at > 0 && text[at - 1].is_ascii_digit() && text[at + 1..].starts_with(&['f', 's'])
}

/// `C.1937A>T`, `C.35delG`: a change of the coding sequence.
pub(super) fn coding_change(text: &[char], at: usize) -> bool {
    let apart = at == 0 || !text[at - 1].is_alphanumeric();
    let rest: String = text[at + 1..].iter().take_while(|c| !c.is_whitespace()).collect();
    let Some(change) = rest.strip_prefix('.') else { return false };
    let change = change.trim_start_matches(['*', '-']);
    let named = change.trim_start_matches(|c: char| c.is_ascii_digit() || "+-_".contains(c));
    let from_base = named.starts_with(['A', 'C', 'G', 'T']) && named[1..].starts_with('>');
    let placed = change.starts_with(|c: char| c.is_ascii_digit());
    apart && placed && (from_base || ["del", "ins", "dup", "inv"].iter().any(|kind| named.starts_with(kind)))
}

/// `AUCo-28`: the area under a curve from the day of infusion.
pub(super) fn area_from_nought(text: &[char], at: usize) -> bool {
    let range = text.get(at + 1).is_some_and(|c| "-–—−~～".contains(*c));
    text[..at].ends_with(&['A', 'U', 'C']) && range && text.get(at + 2).is_some_and(char::is_ascii_digit)
}

/// `IFN-Y`: of the interferons one is gamma.
pub(super) fn interferon(text: &[char], at: usize) -> bool {
    text[..at].ends_with(&['I', 'F', 'N', '-'])
        && !text.get(at + 1).is_some_and(|c| c.is_ascii_alphanumeric())
}

/// `coMMENT`: small letters of the shape of capitals, at the head of a word of capitals.
pub(super) fn capital(text: &[char], at: usize) -> bool {
    const ONE_SHAPE: &str = "cosvwxz";
    let span = word(text, at);
    let capitals = text[at..span.end].iter().skip_while(|c| ONE_SHAPE.contains(**c));
    let is_head = text[span.start..at].iter().all(|c| ONE_SHAPE.contains(*c) || c.is_ascii_uppercase());
    let capitals: Vec<&char> = capitals.collect();
    ONE_SHAPE.contains(text[at])
        && is_head
        && capitals.len() > 3
        && capitals.iter().all(|c| c.is_ascii_uppercase())
}

/// `mmo1/L`, `Cyc1inD1`, `de1(6)`, `G1n`: a one between small letters, or at the end of a word that is no other.
pub(super) fn in_small_letters(text: &[char], at: usize) -> bool {
    let before: String = text[..at].iter().rev().take(3).rev().collect();
    let after = text.get(at + 1).copied();
    let small = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
    // `q1w` is a dose.
    let word = before.chars().rev().take(2).filter(char::is_ascii_alphabetic).count() == 2;
    let between = word && small(before.chars().last()) && small(after);
    let mole = before.ends_with("mo") && after.is_none_or(|c| !c.is_ascii_alphanumeric());
    let deletion = before.ends_with("de") && after == Some('(');
    let acid =
        before.ends_with('G') && matches!(after, Some('n' | 'u' | 'y')) && !small(text.get(at + 2).copied());
    let log = before.chars().last().is_none_or(|c| !c.is_ascii_alphanumeric())
        && text[at + 1..].starts_with(&['o', 'g']);
    between || mole || deletion || acid || log
}

/// `28-0ct-24`.
pub(super) fn october(text: &[char], at: usize) -> bool {
    let apart = at == 0 || !text[at - 1].is_ascii_alphanumeric();
    let ends = text.get(at + 3).is_none_or(|c| !c.is_ascii_lowercase() || *c == 'o');
    apart && text[at + 1..].starts_with(&['c', 't']) && ends
}

/// `0型`, `0细胞`: a blood group.
pub(super) fn blood_group(text: &[char], at: usize) -> bool {
    let apart = at == 0 || !(text[at - 1].is_ascii_alphanumeric() || ".-~～".contains(text[at - 1]));
    let rest: String = text[at + 1..].iter().take(2).collect();
    apart && (rest.starts_with('型') || rest == "细胞")
}

/// `I g`, `l mg`: a dose, alone in its cell.
pub(super) fn one_of_unit(text: &[char], at: usize) -> bool {
    let rest: String = text[at + 1..].iter().collect();
    at == 0 && ["g", "mg", "mL", "ml", "h", "IU", "U", "μg", "tab"].contains(&rest.trim())
}

/// `0.lg`: a place behind the point.
pub(super) fn tenth(text: &[char], at: usize) -> bool {
    let figure = at > 1 && text[at - 1] == '.' && text[at - 2].is_ascii_digit();
    let rest: String = text[at + 1..].iter().take(2).collect();
    figure
        && (rest.starts_with('g')
            || rest == "mg"
            || rest == "mL"
            || rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `ECOG O-1`, `ICANSO~4`: the least of the grades of a scale.
pub(super) fn graded_from_nought(text: &[char], at: usize) -> bool {
    const SCALES: [&str; 8] = ["ICANS", "CRS", "ECOG", "PS", "Deauville", "IPI", "评分", "分级"];
    let range = text.get(at + 1).is_some_and(|c| "-–—−~～".contains(*c))
        && text.get(at + 2).is_some_and(|c| ('1'..='5').contains(c))
        && !text.get(at + 3).is_some_and(char::is_ascii_alphanumeric);
    let before: String = text[..at].iter().collect();
    let before = before.trim_end_matches([' ', ':', '：', '(', '（']);
    range && SCALES.iter().any(|scale| before.ends_with(scale))
}

/// `46,xX[9]`: the sex chromosomes behind the number of all, one of them read as a small letter.
pub(super) fn sex_chromosome(text: &[char], at: usize) -> bool {
    let is_sex = |c: &char| matches!(c, 'x' | 'X' | 'Y');
    let head = text[..at].iter().rev().take_while(|c| is_sex(c)).count();
    let count: Vec<char> = text[..at - head].iter().rev().take(4).copied().collect();
    let counted = matches!(count[..], [',', b, a, ..] if b.is_ascii_digit() && a.is_ascii_digit())
        && !count.get(3).is_some_and(char::is_ascii_alphanumeric);
    let tail = text[at..].iter().take_while(|c| is_sex(c)).count();
    let ends = text.get(at + tail).is_none_or(|c| ",[;/. ".contains(*c));
    counted && ends
}
