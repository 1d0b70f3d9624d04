//! Words for relatives.
//!
//! ## Reads
//! Mother to nephew, in both languages, as whole words.
//!
//! ## Never
//! Tells of whom something is said: [`person`](super::person) does.

use crate::{
    assertion::contains_any,
    stream::{Span, Stream},
    vocabulary::person::WRITER,
    words::{Coded, Place, coded},
};

/// A relative, seen from the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kin {
    Mother,
    Father,
    Husband,
    Wife,
    Brother,
    Sister,
    Son,
    Daughter,
    Grandmother,
    Grandfather,
    FatherInLaw,
    MotherInLaw,
    Aunt,
    Uncle,
    Cousin,
    Partner,
    Niece,
    Nephew,
}
use Kin::{
    Aunt, Brother, Cousin, Daughter, Father, FatherInLaw, Grandfather, Grandmother, Husband, Mother,
    MotherInLaw, Nephew, Niece, Partner, Sister, Son, Uncle, Wife,
};

impl Kin {
    /// The sex, where the word tells it.
    pub(super) fn sex(self) -> Option<&'static str> {
        match self {
            Mother | Wife | Sister | Daughter | Grandmother | MotherInLaw | Aunt | Niece => Some("female"),
            Father | Husband | Brother | Son | Grandfather | FatherInLaw | Uncle | Nephew => Some("male"),
            Cousin | Partner => None,
        }
    }

    /// One has only one of them.
    fn is_one(self) -> bool {
        matches!(self, Mother | Father | Husband | Wife)
    }
}

pub(super) const WORDS: &Coded<Kin> = coded![Kin;
    ("mother", Mother), ("mum", Mother), ("mom", Mother), ("mam", Mother), ("mummy", Mother), ("母亲", Mother), ("妈妈", Mother), ("妈", Mother),
    ("其母", Mother),
    ("father", Father), ("dad", Father), ("daddy", Father), ("父亲", Father), ("爸爸", Father), ("爸", Father), ("其父", Father),
    ("husband", Husband), ("老公", Husband), ("丈夫", Husband), ("其夫", Husband), ("他先生", Husband), ("她先生", Husband), ("我先生", Husband),
    ("wife", Wife), ("老婆", Wife), ("妻子", Wife), ("其妻", Wife), ("他太太", Wife), ("我太太", Wife),
    ("brother", Brother), ("哥哥", Brother), ("弟弟", Brother), ("大哥", Brother), ("二哥", Brother), ("小弟", Brother), ("哥", Brother), ("其兄", Brother),
    ("其弟", Brother), ("其哥", Brother), ("我弟", Brother),
    ("sister", Sister), ("姐姐", Sister), ("妹妹", Sister), ("大姐", Sister), ("二姐", Sister), ("小妹", Sister), ("姐", Sister), ("其姐", Sister),
    ("其妹", Sister), ("我妹", Sister),
    ("son", Son), ("儿子", Son), ("其子", Son),
    ("daughter", Daughter), ("女儿", Daughter), ("其女", Daughter),
    ("grandmother", Grandmother), ("grandma", Grandmother), ("granny", Grandmother), ("nan", Grandmother), ("奶奶", Grandmother), ("姥姥", Grandmother), ("外婆", Grandmother),
    ("祖母", Grandmother), ("外祖母", Grandmother),
    ("grandfather", Grandfather), ("grandpa", Grandfather), ("granddad", Grandfather), ("爷爷", Grandfather), ("姥爷", Grandfather), ("外公", Grandfather), ("祖父", Grandfather),
    ("外祖父", Grandfather),
    ("father-in-law", FatherInLaw), ("岳父", FatherInLaw), ("公公", FatherInLaw), ("老丈人", FatherInLaw),
    ("mother-in-law", MotherInLaw), ("岳母", MotherInLaw), ("婆婆", MotherInLaw), ("丈母娘", MotherInLaw),
    ("aunt", Aunt), ("姨妈", Aunt), ("姑姑", Aunt), ("姑妈", Aunt), ("大姨", Aunt), ("小姨", Aunt), ("姨", Aunt),
    ("uncle", Uncle), ("叔叔", Uncle), ("叔父", Uncle), ("伯伯", Uncle), ("伯父", Uncle), ("舅舅", Uncle), ("舅父", Uncle), ("姑父", Uncle), ("姨父", Uncle), ("大伯", Uncle),
    ("cousin", Cousin), ("表哥", Cousin), ("表姐", Cousin), ("表弟", Cousin), ("表妹", Cousin), ("堂哥", Cousin), ("堂姐", Cousin), ("堂弟", Cousin), ("堂妹", Cousin),
    ("partner", Partner), ("爱人", Partner), ("老伴", Partner),
    ("niece", Niece), ("侄女", Niece),
    ("nephew", Nephew), ("侄子", Nephew)
];

/// Where a word for a relative begins, in order.
pub(super) fn places(stream: &Stream) -> Vec<usize> {
    let whole = Span::new(0, stream.len());
    let mut places: Vec<usize> = stream.words_beginning(whole, WORDS).map(|of| of.start()).collect();
    places.dedup();
    places
}

/// The relative a word at this place names; writers' names for themselves do not count.
pub(super) fn at(stream: &Stream, at: usize) -> Option<Kin> {
    // `MUM1` is an antibody.
    let letter = |at: usize| stream.lower.get(at).is_some_and(char::is_ascii_alphanumeric);
    // "wifes LDH", "mums bloods": of one there is no plural.
    let owning = |of: &Place| stream.lower.get(of.end()) == Some(&'s') && !letter(of.end() + 1);
    let inside = |of: &Place| {
        letter(of.end()) && !(WORDS.code(*of).is_one() && owning(of)) || (at > 0 && letter(at - 1))
    };
    let latin = stream.lower.get(at).is_some_and(char::is_ascii);
    // The longest word decides: "mother-in-law" is no mother.
    let longest = stream.words_at(at, WORDS).rfind(|of| !(latin && inside(of)))?;
    let before = &stream.lower[at.saturating_sub(10)..at];
    // `我是他儿子,我爸DLBCL`: the comma ends what the writer says of themselves.
    let clause =
        before.iter().rposition(|of| matches!(of, ',' | ';' | '。' | '.' | '\n')).map_or(0, |at| at + 1);
    let writer = contains_any(stream, &before[clause..], WRITER);
    (!writer).then(|| WORDS.code(longest))
}

/// "my wife's aunt", "my wifes aunt": a relative of the relative.
pub(super) fn is_of_one(stream: &Stream, at: usize) -> bool {
    let Some(end) = ["'s ", "’s ", "s "].iter().find_map(|of| stream.reads_back(at, of)) else {
        return false;
    };
    stream.words_ending(end, WORDS).any(|of| of.start() == 0 || !stream.at(of.start() - 1).is_alphanumeric())
}
