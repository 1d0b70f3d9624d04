//! The words of CQL: identifiers, texts, numbers, lists, comments.

use cartulary_model::ConceptId;

/// A quoted identifier.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text literal.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A number as a Decimal literal; CQL knows eight places.
pub(super) fn decimal(number: f64) -> String {
    let rounded = crate::rounded(number);
    if rounded.fract() == 0.0 { format!("{rounded:.1}") } else { rounded.to_string() }
}

/// A list of concepts' ids.
pub(super) fn list<'c>(concepts: impl IntoIterator<Item = &'c ConceptId>) -> String {
    list_of(concepts.into_iter().map(ConceptId::as_str))
}

/// A list of texts.
pub(super) fn list_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(text).collect();
    format!("{{ {} }}", texts.join(", "))
}

/// A line of a comment: nothing ends it early.
pub(super) fn comment(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_escaped_and_comments_end_at_their_line() {
        assert_eq!(text("a'b\\"), "'a\\'b\\\\'");
        assert_eq!(identifier("a\"b"), "\"a\\\"b\"");
        assert_eq!(comment("a\ndefine \"b\": true"), "a define \"b\": true");
    }

    #[test]
    fn a_decimal_has_a_point_and_at_most_eight_places() {
        assert_eq!(decimal(50.0), "50.0");
        assert_eq!(decimal(1.5 * 88.4), "132.6");
    }
}
