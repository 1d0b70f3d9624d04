//! The names of genes, loci and translocations in a document, and what can be said of each.

use super::karyotype;
use crate::{
    draft::Draft,
    grammar::marker::is_misread,
    sheet::Sheet,
    stream::{Hit, Span, is_han},
};
use cartulary_catalogue::Needs;
use cartulary_model::ConceptId;

/// A name, and the concepts that its results are facts of.
#[derive(Clone, Debug)]
pub(super) struct Gene {
    pub(super) span: Span,
    /// Its sequence variant.
    pub(super) variant: Option<ConceptId>,
    /// Its rearrangement, or the fusion it names.
    pub(super) rearrangement: Option<&'static str>,
    /// Its deletion.
    pub(super) loss: Option<&'static str>,
    /// `MYC-R`, `t(14;18)`, `IGH::BCL2`: the name says that it is a rearrangement.
    pub(super) says_rearranged: bool,
    /// `MYC-R`: the name is the statement.
    pub(super) stated: bool,
    /// `del(17p)`, `17p-`: the name says that it is a loss.
    pub(super) says_lost: bool,
    /// A place on a chromosome, beside the gene's own name or instead of it.
    pub(super) locus: bool,
    /// Its ISCN name.
    pub(super) aberration: Option<String>,
    /// A protein has the same name.
    pub(super) protein: bool,
    pub(super) misread: bool,
}

/// Names in order, one a place; none inside a karyotype.
pub(super) fn genes(sheet: &Sheet<'_>, karyotypes: &[Draft]) -> Vec<Gene> {
    let strings: Vec<Span> =
        karyotypes.iter().filter(|of| of.rule == "genetics.karyotype").map(|of| of.span).collect();
    let aberrations =
        karyotype::alone(&sheet.stream).into_iter().map(|(code, span)| translocation(code, span));
    let named = sheet.hits(&["bio"], &[Needs::Marker, Needs::Gene]).filter_map(|hit| gene(sheet, hit));
    let mut all: Vec<Gene> = aberrations.chain(named).collect();
    if all.is_empty() {
        return all;
    }
    // Another marker ends what is said of a gene; one of the same name makes it a protein too.
    let markers = sheet.hits(&["bio", "lab"], &[Needs::Marker]).filter(|hit| is_marker(sheet, hit));
    all.extend(markers.map(|hit| bystander(hit.span)));
    all.sort_by_key(|of| (of.span.start, std::cmp::Reverse(of.span.end)));
    let mut genes: Vec<Gene> = Vec::with_capacity(all.len());
    for gene in all {
        match genes.last_mut().filter(|last| last.span.overlaps(gene.span)) {
            Some(last) => last.merge(gene),
            None => genes.push(gene),
        }
    }
    genes.retain(|gene| {
        let next = strings.partition_point(|of| of.end <= gene.span.start);
        !strings.get(next).is_some_and(|of| of.overlaps(gene.span))
    });
    if genes.iter().all(Gene::is_bystander) { Vec::new() } else { genes }
}

impl Gene {
    fn is_bystander(&self) -> bool {
        self.variant.is_none()
            && self.rearrangement.is_none()
            && self.loss.is_none()
            && self.aberration.is_none()
    }

    /// Two forms at one place are one name.
    fn merge(&mut self, other: Self) {
        let protein = self.protein || (other.protein && other.span.start == self.span.start);
        if self.is_bystander() && !other.is_bystander() {
            *self = other;
        } else if !other.is_bystander() {
            self.variant = self.variant.take().or(other.variant);
            self.rearrangement = self.rearrangement.or(other.rearrangement);
            self.loss = self.loss.or(other.loss);
        }
        self.protein = protein;
    }
}

fn is_marker(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    hit.concept.as_str() == "lab.ki67"
        || (hit.concept.is("bio") && sheet.catalogue().exchange_code(&hit.concept).kind.as_ref() == "ihc")
}

fn bystander(span: Span) -> Gene {
    Gene {
        span,
        variant: None,
        rearrangement: None,
        loss: None,
        says_rearranged: false,
        stated: false,
        says_lost: false,
        locus: false,
        aberration: None,
        protein: true,
        misread: false,
    }
}

fn translocation(code: String, span: Span) -> Gene {
    let rearrangement = match code.as_str() {
        "t(14;18)" => Some("bio.igh_bcl2"),
        "t(11;14)" => Some("bio.igh_ccnd1"),
        "t(8;14)" | "t(2;8)" | "t(8;22)" => Some("bio.myc_r"),
        "t(3;14)" => Some("bio.bcl6_r"),
        _ => None,
    };
    let loss = match code.as_str() {
        "del(17p)" => Some("bio.del17p"),
        "del(11q)" => Some("bio.del11q"),
        "del(13q)" => Some("bio.del13q"),
        _ => None,
    };
    Gene {
        span,
        variant: None,
        rearrangement,
        loss,
        says_rearranged: code.starts_with('t'),
        stated: false,
        says_lost: code.starts_with("del"),
        locus: false,
        aberration: Some(code),
        protein: false,
        misread: false,
    }
}

pub(super) fn gene(sheet: &Sheet<'_>, hit: &Hit) -> Option<Gene> {
    let span = symbol(sheet, hit)?;
    let text = sheet.stream.lower_text(span);
    let coded = sheet.catalogue().exchange_code(&hit.concept);
    let mut variant = (coded.kind.as_ref() == "variant").then(|| hit.concept.clone());
    let word = !text.contains(|of: char| of.is_ascii_digit()) && text != "c-myc" && text != "myc";
    if variant.is_some() && word && !in_capitals(sheet, span) {
        return None;
    }
    let (own, protein_name) = (variant.clone(), text == "p53");
    let own = own.as_ref().map_or(hit.concept.as_str(), ConceptId::as_str);
    let (rearrangement, loss) = match own {
        "bio.gene_myc" | "bio.myc_r" | "bio.myc_amp" => (Some("bio.myc_r"), None),
        "bio.gene_bcl2" | "bio.bcl2_r" => (Some("bio.bcl2_r"), None),
        "bio.gene_bcl6" | "bio.bcl6_r" => (Some("bio.bcl6_r"), None),
        "bio.gene_ccnd1" | "bio.igh_ccnd1" => (Some("bio.igh_ccnd1"), None),
        "bio.igh_bcl2" => (Some("bio.igh_bcl2"), None),
        "bio.gene_irf4" | "bio.irf4_r" => (Some("bio.irf4_r"), None),
        "bio.tp53_mut" | "bio.del17p" => (None, Some("bio.del17p")),
        "bio.gene_atm" | "bio.del11q" => (None, Some("bio.del11q")),
        "bio.del13q" => (None, Some("bio.del13q")),
        _ if variant.is_some() => (None, None),
        _ => return None,
    };
    // The longest form won: `MYC重排`, `TP53缺失` name the gene too.
    let named = [
        ("myc", "bio.gene_myc"),
        ("bcl2", "bio.gene_bcl2"),
        ("bcl6", "bio.gene_bcl6"),
        ("tp53", "bio.tp53_mut"),
        ("atm", "bio.gene_atm"),
    ];
    if variant.is_none() {
        variant = named.iter().find(|(symbol, _)| text == *symbol).map(|(_, id)| ConceptId::from(*id));
    }
    // The protein's spelling may name the locus, not a variant: `P53缺失`.
    if protein_name {
        variant = None;
    }
    let fusion = text.contains("::") || text.contains('/') || text.starts_with("t(");
    Some(Gene {
        span,
        rearrangement,
        loss,
        says_rearranged: fusion || text.ends_with("-r"),
        stated: text.ends_with("-r"),
        says_lost: text.starts_with("del") || text.ends_with("p-") || text.ends_with("q-"),
        locus: variant.is_none() && text.starts_with(|of: char| of.is_ascii_digit()),
        aberration: None,
        protein: false,
        misread: is_misread(sheet, &Hit { span, concept: hit.concept.clone() })
            && variant.is_some()
            && span == hit.span,
        variant,
    })
}

/// The symbol at the head of a form: `MYC` of `MYC重排`, `MYD88` of `MYD88 L265P`.
fn symbol(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    let stream = &sheet.stream;
    let Span { start, end } = hit.span;
    let spaced_out = (start..end).filter(|at| stream.at(*at) == ' ').count() > 1;
    let cut = (start..end)
        .find(|at| is_han(stream.at(*at)) || (stream.at(*at) == ' ' && !spaced_out && at - start >= 3))
        .unwrap_or(end);
    (cut > start).then(|| stream.trimmed(Span::new(start, cut)))
}

fn in_capitals(sheet: &Sheet<'_>, span: Span) -> bool {
    !(span.start..span.end).any(|at| sheet.stream.at(at).is_ascii_lowercase())
}
