//! Connectionist temporal classification: from a row of guesses, one each eight pixels, to text with positions.

use cartulary_networks::Step;

/// The characters a recognition network knows. Class 0 is "no character", the last class is the space.
pub(crate) struct Alphabet {
    characters: Vec<String>,
}

/// A line as recognised.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// Mean certainty of the characters, 0 for an empty text.
    pub(crate) confidence: f32,
    /// Certainty of the least certain character.
    pub(crate) weakest: f32,
    /// One more than the text has characters, from 0 to 1 of the line's width.
    pub(crate) edges: Vec<f32>,
    /// What the network read, if the text was mended since.
    pub(crate) seen: Option<String>,
}

/// One character and where it was seen.
struct Spike {
    class: usize,
    certainty: f32,
    first_step: usize,
    last_step: usize,
}

impl Alphabet {
    /// From the network's own list, one character a line.
    ///
    /// The list is not trimmed: one of its lines is an ideographic space, and an offset by one is a wrong text.
    pub(crate) fn new(list: &str) -> Self {
        let list = list.strip_suffix('\n').unwrap_or(list);
        let mut characters: Vec<String> = vec![String::new()];
        characters.extend(list.split('\n').map(|line| line.trim_end_matches('\r').to_owned()));
        characters.push(" ".to_owned());
        Self { characters }
    }

    /// Blank, characters and space.
    pub(crate) fn classes(&self) -> usize {
        self.characters.len()
    }

    /// Decodes steps; `width_steps` is how many of them lie on the line, the rest on padding.
    pub(crate) fn decode(&self, steps: &[Step], width_steps: f32) -> Decoded {
        let spikes = self.spikes(steps);
        if spikes.is_empty() {
            return Decoded::default();
        }
        let mut text = String::new();
        let mut centres = Vec::new();
        let mut certainty = 0.0;
        for spike in &spikes {
            let written = &self.characters[spike.class];
            let centre = (spike.first_step + spike.last_step + 1) as f32 / 2.0 / width_steps;
            centres.extend(written.chars().map(|_| centre));
            text.push_str(written);
            certainty += spike.certainty;
        }
        let (text, centres) = trimmed(&text, &centres);
        Decoded {
            edges: edges_between(centres),
            confidence: certainty / spikes.len() as f32,
            weakest: spikes.iter().map(|spike| spike.certainty).fold(1.0, f32::min),
            text,
            seen: None,
        }
    }

    fn spikes(&self, steps: &[Step]) -> Vec<Spike> {
        let mut spikes: Vec<Spike> = Vec::new();
        let mut previous = 0;
        for (step, &Step { class, probability: certainty }) in steps.iter().enumerate() {
            if class != 0 && class < self.classes() {
                match spikes.last_mut().filter(|_| class == previous) {
                    Some(spike) => {
                        spike.last_step = step;
                        spike.certainty = spike.certainty.max(certainty);
                    }
                    None => spikes.push(Spike { class, certainty, first_step: step, last_step: step }),
                }
            }
            previous = class;
        }
        spikes
    }
}

/// Spaces at the ends are margins of the box, not text.
fn trimmed<'a>(text: &str, centres: &'a [f32]) -> (String, &'a [f32]) {
    let leading = text.chars().take_while(|c| c.is_whitespace()).count();
    let kept = text.trim();
    let count = kept.chars().count();
    (kept.to_owned(), &centres[leading..leading + count])
}

/// Edges half way between neighbours; the outer ones as far out as the inner ones are in.
fn edges_between(centres: &[f32]) -> Vec<f32> {
    let (Some(first), Some(last)) = (centres.first(), centres.last()) else {
        return Vec::new();
    };
    let inner: Vec<f32> = centres.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
    let start = inner.first().map_or(0.0, |edge| 2.0 * first - edge);
    let end = inner.last().map_or(1.0, |edge| 2.0 * last - edge);
    let mut edges = vec![start];
    edges.extend(inner);
    edges.push(end);
    for edge in &mut edges {
        *edge = edge.clamp(0.0, 1.0);
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(classes: &[usize]) -> Vec<Step> {
        classes.iter().map(|class| Step { class: *class, probability: 0.9 }).collect()
    }

    #[test]
    fn repeats_fall_together_and_blanks_part_them() {
        let alphabet = Alphabet::new("C\nD\n2\n0");
        assert_eq!(alphabet.classes(), 6);
        let seen = steps(&[1, 1, 0, 2, 3, 3, 0, 3, 4, 5, 5]);
        let decoded = alphabet.decode(&seen, 11.0);
        assert_eq!(decoded.text, "CD220");
        assert!((decoded.confidence - 0.9).abs() < 1e-6);
    }

    #[test]
    fn every_character_has_its_place() {
        let alphabet = Alphabet::new("a\nb");
        let decoded = alphabet.decode(&steps(&[0, 1, 0, 0, 0, 2, 0, 0]), 8.0);
        assert_eq!(decoded.edges.len(), 3);
        assert_eq!(decoded.edges[1], 0.4375);
        assert!(decoded.edges[0] < 0.1875 && decoded.edges[2] > 0.6875);
    }

    #[test]
    fn nothing_seen_is_an_empty_text_without_confidence() {
        let alphabet = Alphabet::new("a\nb");
        let decoded = alphabet.decode(&steps(&[0, 0, 0]), 3.0);
        assert_eq!(decoded, Decoded::default());
        let only_space = alphabet.decode(&steps(&[0, 3, 0]), 3.0);
        assert!(only_space.text.is_empty() && only_space.edges.is_empty());
    }

    #[test]
    fn a_list_with_a_space_in_it_keeps_its_length() {
        assert_eq!(Alphabet::new("a\n\u{3000}\nb\n").classes(), 5);
    }
}
