//! The entries of a case as one value of one row.
//!
//! A row costs more than what is in it: for each column of each row the driver allocates on one thread what another
//! thread frees. So the database joins the entries of a case into one text, a line each, and it is taken apart here.

use super::{
    load::{ERASED, StoredEntry},
    parts::in_parts,
};
use crate::{
    Error, Result,
    chain::Hash,
    db::{At, Db},
};
use cartulary_model::{ActorId, CaseId, Instant};
use sqlx::AssertSqlSafe;
use std::ops::Range;
use uuid::Uuid;

/// The entries of a case after a place, each on a line of its own, in their order.
pub(super) struct Packed {
    case: CaseId,
    text: String,
    /// The place of each, and where its line stands in the text.
    lines: Vec<(u64, Range<usize>)>,
}

/// Asks for them.
pub(super) async fn entries(db: &Db, case: CaseId, after: u64) -> Result<Packed> {
    let parts = ["actor", "hash", "once", "body"].map(|column| format!("coalesce({}, '')", db.hex(column)));
    let sql = format!(
        "SELECT string_agg(line, '\n') FROM (\
             SELECT seq || '|' || kind || '|' || at || '|' || {} AS line \
             FROM entry WHERE case_id = $1 AND seq > $2 ORDER BY seq\
         ) AS lines",
        parts.join(" || '|' || ")
    );
    let values = [(*case.bytes()).into(), i64::try_from(after).unwrap_or(i64::MAX).into()];
    let row = db.row(At::Read, AssertSqlSafe(sql), &values).await?;
    let text = row.map(|row| row.maybe_text(0)).transpose()?.flatten().unwrap_or_default();
    Packed::of(case, text)
}

impl Packed {
    fn of(case: CaseId, text: String) -> Result<Self> {
        let (mut lines, mut begin) = (Vec::new(), 0);
        for line in text.split('\n').filter(|_| !text.is_empty()) {
            let seq = line.split('|').next().and_then(|seq| seq.parse().ok()).ok_or_else(|| damaged(case))?;
            lines.push((seq, begin..begin + line.len()));
            begin += line.len() + 1;
        }
        // Databases keep the order of an inner query and do not promise it.
        lines.sort_by_key(|(seq, _)| *seq);
        // After an erasure nothing of a case can be opened, and nothing counts.
        let is_erasure =
            |(_, place): &(u64, Range<usize>)| text[place.clone()].split('|').nth(1) == Some(ERASED);
        if let Some(erasure) = lines.iter().position(is_erasure) {
            lines.truncate(erasure + 1);
        }
        Ok(Self { case, text, lines })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What `work` makes of each entry and the place of the one before it, in their order.
    ///
    /// What stands as the hash before each is not read but taken from the entry before it, the first from `head`: only
    /// `verify` looks at that column.
    pub(super) fn each<R: Send>(
        &self,
        (version, head): (u64, Hash),
        work: impl Fn(u64, StoredEntry) -> Result<R> + Sync,
    ) -> Result<Vec<R>> {
        let places: Vec<usize> = (0..self.lines.len()).collect();
        in_parts(&places, |part| {
            let before = part.first().and_then(|first| self.lines.get(first.checked_sub(1)?));
            let (mut seq, mut prev) = match before {
                Some((seq, place)) => {
                    (*seq, hash_of(&self.text[place.clone()]).ok_or_else(|| damaged(self.case))?)
                }
                None => (version, head),
            };
            let mut done = Vec::with_capacity(part.len());
            for (_, place) in part.iter().filter_map(|at| self.lines.get(*at)) {
                let entry =
                    read(self.case, prev, &self.text[place.clone()]).ok_or_else(|| damaged(self.case))?;
                let before = std::mem::replace(&mut seq, entry.seq);
                prev = entry.hash;
                done.push(work(before, entry)?);
            }
            Ok(done)
        })
    }
}

fn damaged(case: CaseId) -> Error {
    Error::Damaged(format!("a row of case {case}: run `cartulary verify`"))
}

fn hash_of(line: &str) -> Option<Hash> {
    bytes(line.split('|').nth(4)?)?.try_into().ok()
}

fn read(case: CaseId, prev: Hash, line: &str) -> Option<StoredEntry> {
    let mut parts = line.split('|');
    let mut part = || parts.next();
    let entry = StoredEntry {
        case,
        seq: part()?.parse().ok()?,
        kind: part()?.to_owned(),
        at: Instant::from_micros(part()?.parse().ok()?),
        actor: ActorId::from_uuid(Uuid::from_slice(&bytes(part()?)?).ok()?),
        hash: bytes(part()?)?.try_into().ok()?,
        once: Some(bytes(part()?)?).filter(|once| !once.is_empty()),
        body: bytes(part()?)?,
        prev,
    };
    parts.next().is_none().then_some(entry)
}

/// The bytes that digits stand for, upper case or lower. Without a table or a branch, so that the compiler does many at a
/// time: it is a large part of opening a long case.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let all_digits = digits.bytes().fold(true, |all, digit| all & digit.is_ascii_hexdigit());
    (rest.is_empty() && all_digits)
        .then(|| pairs.iter().map(|[high, low]| value(*high) << 4 | value(*low)).collect())
}

/// What a digit stands for: the letters lie 9 above their low bits, and have the bit of 0x40.
fn value(digit: u8) -> u8 {
    (digit & 0xF) + 9 * (digit >> 6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::START;

    #[test]
    fn digits_are_bytes_and_nothing_else_is() {
        assert_eq!(bytes("00fFA9"), Some(vec![0, 0xff, 0xa9]));
        assert_eq!(bytes(""), Some(Vec::new()));
        for bad in ["0", "0g", "g0", "é", " 0", "||"] {
            assert_eq!(bytes(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_line_that_is_none_of_ours_is_refused() {
        let case = CaseId::from_uuid(Uuid::nil());
        let good = format!("7|noted|5|{}|{}||0102", "00".repeat(16), "11".repeat(32));
        let entry = read(case, START, &good).unwrap();
        assert_eq!((entry.seq, entry.kind.as_str(), entry.body.as_slice()), (7, "noted", [1, 2].as_slice()));
        assert_eq!(entry.once, None);
        for bad in ["", "7|noted|5", &format!("{good}|"), &good.replace("7|", "x|"), &good[1..]] {
            assert!(read(case, START, bad).is_none(), "{bad}");
        }
    }
}
