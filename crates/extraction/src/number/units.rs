//! Units as papers print them and as recognition leaves them, to UCUM.

use crate::stream::{Span, Stream};
use cartulary_catalogue::UnitForm;
use cartulary_model::Unit;

/// Every written form of every unit, as a tree of characters: a place is tried once, not once a form.
pub(crate) struct Units {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    next: Vec<(char, usize)>,
    /// The unit that ends here, and whether its form lost a sign in recognition.
    unit: Option<(Unit, bool)>,
    ends_in_letter: bool,
}

/// A unit read at a place.
#[derive(Clone, Debug)]
pub(crate) struct UnitRead {
    pub(crate) unit: Unit,
    pub(crate) span: Span,
    /// A lost superscript or a misread letter was put right.
    pub(crate) repaired: bool,
}

impl Units {
    pub(crate) fn new(forms: &[UnitForm]) -> Self {
        let mut units = Self { nodes: vec![Node::default()] };
        let folded: Vec<(Vec<char>, &Unit)> = forms
            .iter()
            .map(|form| {
                let mut stream = Stream::default();
                stream.push_line(crate::stream::LinePlace::new(0, 0), &form.text);
                (stream.chars.into_iter().filter(|of| *of != ' ').collect(), &form.unit)
            })
            .collect();
        for (form, unit) in &folded {
            units.add(form, unit, false);
        }
        for (form, unit) in &folded {
            for variant in variants(form) {
                units.add(&variant, unit, false);
            }
            for lost in without_caret(form).into_iter().chain(misread_form(form)) {
                units.add(&lost, unit, true);
            }
            // Analysers print in capitals; `g/L` keeps its case because `G/L` is another unit.
            if form.contains(&'/') {
                let capitals: Vec<char> = form.iter().map(char::to_ascii_uppercase).collect();
                units.add(&capitals, unit, false);
            }
        }
        units
    }

    /// Adds a form; the first unit of a form keeps it.
    fn add(&mut self, form: &[char], unit: &Unit, repaired: bool) {
        let mut at = 0;
        for of in form.iter().copied().map(litre) {
            let known = self.nodes[at].next.iter().find(|(next, _)| *next == of).map(|(_, node)| *node);
            at = known.unwrap_or_else(|| {
                self.nodes.push(Node::default());
                let node = self.nodes.len() - 1;
                self.nodes[at].next.push((of, node));
                node
            });
        }
        self.nodes[at].ends_in_letter = form.last().is_some_and(char::is_ascii_alphabetic);
        self.nodes[at].unit.get_or_insert_with(|| (unit.clone(), repaired));
    }

    /// The unit at exactly `at`, spaces inside it skipped.
    pub(crate) fn at(&self, stream: &Stream, at: usize) -> Option<(Unit, Span)> {
        self.read(stream, at).map(|of| (of.unit, of.span))
    }

    /// The longest unit at exactly `at`, with what was put right.
    pub(crate) fn read(&self, stream: &Stream, at: usize) -> Option<UnitRead> {
        let international = || {
            // `1U/L`: the capital I of IU was read as a one.
            let capital = self.nodes[0].next.iter().find(|(of, _)| *of == 'I').map(|(_, node)| *node)?;
            let one = matches!(stream.at(at), '1' | 'l') && stream.at(at + 1) == 'U';
            one.then(|| self.walk(stream, at, (capital, at + 1, true))).flatten()
        };
        self.walk(stream, at, (0, at, false)).or_else(international)
    }

    fn walk(&self, stream: &Stream, at: usize, from: (usize, usize, bool)) -> Option<UnitRead> {
        let (mut node, mut index, mut mended) = from;
        let mut longest = None;
        loop {
            while index > at && stream.at(index) == ' ' {
                index += 1;
            }
            let Some((next, repaired)) = self.step(node, stream.at(index)) else { break };
            mended |= repaired;
            node = next;
            index += 1;
            let reached = &self.nodes[node];
            let goes_on = reached.ends_in_letter && stream.at(index).is_ascii_alphanumeric();
            // "18 w/ support": with.
            let with = stream.lower.get(index - 1) == Some(&'w') && stream.at(index) == '/';
            if let Some((unit, lost)) = reached.unit.as_ref().filter(|_| !goes_on && !with) {
                let span = Span::new(at, index);
                longest = Some(UnitRead { unit: unit.clone(), span, repaired: *lost || mended });
            }
        }
        longest
    }

    /// G/L and g/L are different units; of other letters only those are folded that recognition confuses.
    fn step(&self, node: usize, of: char) -> Option<(usize, bool)> {
        let child =
            |of: char| self.nodes[node].next.iter().find(|(next, _)| *next == of).map(|(_, node)| *node);
        let alike = match of {
            '1' | 'I' | '|' => 'l',
            'O' | 'o' => '0',
            _ => of,
        };
        let one = (alike == 'l' || of == 'l').then(|| child('1')).flatten();
        child(litre(of))
            .map(|node| (node, false))
            .or_else(|| (alike != of).then(|| child(alike)).flatten().map(|node| (node, true)))
            .or_else(|| one.map(|node| (node, true)))
    }
}

fn litre(of: char) -> char {
    if of == 'L' { 'l' } else { of }
}

/// The multiplication sign before a power is often left out or written in another way.
fn variants(form: &[char]) -> Vec<Vec<char>> {
    let bare: &[char] = if matches!(form.first(), Some('x' | 'X')) { &form[1..] } else { form };
    if !bare.starts_with(&['1', '0']) || !bare.contains(&'/') {
        return vec![bare.to_vec()];
    }
    let exponent: &[char] =
        if matches!(bare.get(2), Some('^' | '*' | 'E')) { &bare[3..] } else { &bare[2..] };
    let mut all = Vec::new();
    for sign in ["", "x", "X", "*", "."] {
        for raised in ["^", "*", "E", "**", "^(", "("] {
            let mut form: Vec<char> = sign.chars().chain("10".chars()).chain(raised.chars()).collect();
            form.extend(exponent.iter().copied());
            if raised.ends_with('(') {
                let slash = form.iter().position(|of| *of == '/').unwrap_or(form.len());
                form.insert(slash, ')');
            }
            all.push(form);
        }
    }
    all
}

/// `rng/L`, `10^g/L`, `10'9/L`: what recognition makes of `mg/L` and `10^9/L`.
fn misread_form(form: &[char]) -> Vec<Vec<char>> {
    let text: String = form.iter().collect();
    let mut all = Vec::new();
    if text.starts_with('m') && text.contains('/') {
        all.push(text.replacen('m', "rn", 1));
    }
    if let Some(rest) = text.strip_prefix("10^9") {
        for sign in ["", "x"] {
            all.extend(
                ["10^g", "10^q", "10'9", "10\"9", "10,9"].iter().map(|power| format!("{sign}{power}{rest}")),
            );
        }
    }
    all.into_iter().map(|of| of.chars().collect()).collect()
}

/// `109/L`, `x109/L`: the superscript was read as a digit.
fn without_caret(form: &[char]) -> Vec<Vec<char>> {
    let bare: &[char] = if matches!(form.first(), Some('x' | 'X')) { &form[1..] } else { form };
    if !bare.starts_with(&['1', '0', '^']) {
        return Vec::new();
    }
    let lost = [&bare[..2], &bare[3..]].concat();
    ["", "x", "X", "*"].iter().map(|sign| sign.chars().chain(lost.iter().copied()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::LinePlace;
    use cartulary_catalogue::Catalogue;

    fn stream(text: &str) -> Stream {
        let mut stream = Stream::default();
        stream.push_line(LinePlace::new(0, 0), text);
        stream
    }

    #[test]
    fn units_as_papers_print_them() {
        let catalogue = Catalogue::embedded().unwrap();
        let units = Units::new(catalogue.unit_forms());
        let unit = |text: &str| units.at(&stream(text), 0).map(|(of, _)| of.as_str().to_owned());
        for text in ["×10⁹/L", "10^9/L", "10*9/L", "109/L", "x1O^9/L", "G/L", "× 10^9 / L"] {
            assert_eq!(unit(text).as_deref(), Some("10*9/L"), "{text}");
        }
        for text in ["10(9)/L", "x1O^9/1", "10^g/L", "X10*9/L", "10**9/L"] {
            assert_eq!(unit(text).as_deref(), Some("10*9/L"), "{text}");
        }
        assert_eq!(unit("rng/dL").as_deref(), Some("mg/dL"));
        assert_eq!(unit("1U/L").as_deref(), Some("U/L"));
        assert_eq!(unit("MG/DL").as_deref(), Some("mg/dL"));
        assert_eq!(unit("/mm3").as_deref(), Some("/mm3"));
        assert_eq!(unit("µg/L").as_deref(), Some("ug/L"));
        assert_eq!(unit("g/L").as_deref(), Some("g/L"));
        assert_eq!(unit("μmol/L").as_deref(), Some("umol/L"));
        assert_eq!(unit("K/uL").as_deref(), Some("10*3/uL"));
        assert_eq!(unit("万/μL").as_deref(), Some("10*4/uL"));
        assert_eq!(unit("ml/min/1.73m²").as_deref(), Some("mL/min/{1.73_m2}"));
    }
}
