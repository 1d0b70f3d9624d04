//! The entries of a case as one row.
//!
//! A row costs more than what is in it: for each column of each row the driver allocates on one thread what another
//! thread frees. So the database joins the entries of a case: each column of bytes into one value, and what is short into
//! a text of a line each, which says how long their bytes are.

use super::{
    load::{ERASED, StoredEntry},
    parts::in_parts,
};
use crate::{
    Error, Result,
    chain::Hash,
    db::{At, Db, Row},
};
use cartulary_model::{ActorId, CaseId, Instant};
use sqlx::AssertSqlSafe;
use std::ops::Range;
use uuid::Uuid;

/// The entries of a case after a place, in their order.
pub(super) struct Packed {
    case: CaseId,
    lines: Vec<Line>,
    actors: Vec<u8>,
    hashes: Vec<u8>,
    onces: Vec<u8>,
    bodies: Vec<u8>,
}

/// What is short of an entry, and where its bytes stand.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    seq: u64,
    kind: String,
    at: Instant,
    actor: Range<usize>,
    hash: Range<usize>,
    once: Range<usize>,
    body: Range<usize>,
}

/// A case is long that has more entries; few are.
const LONG: u64 = 500;

/// All entries of a case. Those of a long one are asked for in two parts at once: a database makes and sends them on one
/// processor, and somebody waits.
pub(super) async fn all(db: &Db, case: CaseId) -> Result<Vec<Packed>> {
    let (first, rest) = tokio::try_join!(entries(db, case, (0, LONG)), entries(db, case, (LONG, u64::MAX)))?;
    // They are two states of the database: what was appended meanwhile may be in the second alone.
    let whole = first.lines.last().is_some_and(|line| line.seq == LONG && line.kind != ERASED);
    Ok(if whole { vec![first, rest] } else { vec![first] })
}

/// The entries of a case after a place, up to and with another.
pub(super) async fn entries(db: &Db, case: CaseId, (after, last): (u64, u64)) -> Result<Packed> {
    let columns = ["actor", "hash", "once", "body"];
    let lengths = columns.map(|column| format!("coalesce(length({column}), 0)")).join(" || '|' || ");
    let joined = columns.map(|column| db.joined(column)).join(", ");
    let sql = format!(
        "SELECT string_agg(line, '\n'), {joined} FROM (\
             SELECT seq || '|' || kind || '|' || at || '|' || {lengths} AS line, actor, hash, once, body \
             FROM entry WHERE case_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq\
         ) AS entries"
    );
    let place = |place| i64::try_from(place).unwrap_or(i64::MAX).into();
    let values = [(*case.bytes()).into(), place(after), place(last)];
    match db.row(At::Read, AssertSqlSafe(sql), &values).await? {
        Some(row) => Packed::of(case, &row),
        None => Ok(Packed::empty(case)),
    }
}

impl Packed {
    fn empty(case: CaseId) -> Self {
        let [actors, hashes, onces, bodies] = [const { Vec::new() }; 4];
        Self { case, lines: Vec::new(), actors, hashes, onces, bodies }
    }

    fn of(case: CaseId, row: &Row) -> Result<Self> {
        let bytes = |column| Ok::<_, Error>(row.maybe_bytes(column)?.unwrap_or_default());
        let (actors, hashes, onces, bodies) = (bytes(1)?, bytes(2)?, bytes(3)?, bytes(4)?);
        let text = row.maybe_text(0)?.unwrap_or_default();
        let ends = [actors.len(), hashes.len(), onces.len(), bodies.len()];
        let mut lines = lines(&text, ends).ok_or_else(|| damaged(case))?;
        // Databases keep the order of an inner query and do not promise it.
        lines.sort_by_key(|line| line.seq);
        // After an erasure nothing of a case can be opened, and nothing counts.
        if let Some(erasure) = lines.iter().position(|line| line.kind == ERASED) {
            lines.truncate(erasure + 1);
        }
        Ok(Self { case, lines, actors, hashes, onces, bodies })
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
                Some(line) => (line.seq, self.hash(line)?),
                None => (version, head),
            };
            let mut done = Vec::with_capacity(part.len());
            for line in part.iter().filter_map(|at| self.lines.get(*at)) {
                let entry = self.entry(line, prev)?;
                let before = std::mem::replace(&mut seq, entry.seq);
                prev = entry.hash;
                done.push(work(before, entry)?);
            }
            Ok(done)
        })
    }

    fn hash(&self, line: &Line) -> Result<Hash> {
        part(&self.hashes, &line.hash).try_into().map_err(|_| damaged(self.case))
    }

    fn entry(&self, line: &Line, prev: Hash) -> Result<StoredEntry> {
        let actor = Uuid::from_slice(part(&self.actors, &line.actor)).map_err(|_| damaged(self.case))?;
        let once = part(&self.onces, &line.once);
        Ok(StoredEntry {
            case: self.case,
            seq: line.seq,
            kind: line.kind.clone(),
            at: line.at,
            actor: ActorId::from_uuid(actor),
            hash: self.hash(line)?,
            once: (!once.is_empty()).then(|| once.to_vec()),
            body: part(&self.bodies, &line.body).to_vec(),
            prev,
        })
    }
}

fn damaged(case: CaseId) -> Error {
    Error::Damaged(format!("a row of case {case}: run `cartulary verify`"))
}

/// [`lines`] has seen that the places are there.
fn part<'a>(all: &'a [u8], place: &Range<usize>) -> &'a [u8] {
    all.get(place.clone()).unwrap_or_default()
}

/// The lines of the text, whose bytes must fill the columns that end there.
fn lines(text: &str, ends: [usize; 4]) -> Option<Vec<Line>> {
    let mut begins = [0_usize; 4];
    let read = |line: &str| {
        let mut parts = line.split('|');
        let (seq, kind, at) = (parts.next()?, parts.next()?, parts.next()?);
        let mut places = begins.map(|begin| begin..begin);
        for (place, begin) in places.iter_mut().zip(&mut begins) {
            *begin = begin.checked_add(parts.next()?.parse().ok()?)?;
            place.end = *begin;
        }
        let [actor, hash, once, body] = places;
        let at = Instant::from_micros(at.parse().ok()?);
        let line = Line { seq: seq.parse().ok()?, kind: kind.to_owned(), at, actor, hash, once, body };
        parts.next().is_none().then_some(line)
    };
    let lines: Vec<Line> = text.split_terminator('\n').map(read).collect::<Option<_>>()?;
    (begins == ends).then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_where_their_bytes_stand() {
        let text = "7|noted|5|16|32|0|400\n8|received|6|16|32|16|2";
        let lines = lines(text, [32, 64, 16, 402]).unwrap();
        let second = Line {
            seq: 8,
            kind: "received".to_owned(),
            at: Instant::from_micros(6),
            actor: 16..32,
            hash: 32..64,
            once: 0..16,
            body: 400..402,
        };
        assert_eq!(lines.get(1), Some(&second));
        assert_eq!(lines.first().map(|first| first.once.clone()), Some(0..0));
    }

    #[test]
    fn lines_that_do_not_fit_their_bytes_are_refused() {
        let good = "7|noted|5|16|32|0|400";
        let ends = [16, 32, 0, 400];
        assert!(lines(good, ends).is_some());
        assert_eq!(lines("", [0; 4]), Some(Vec::new()));
        for bad in [
            "",
            "7|noted|5",
            &format!("{good}|"),
            &good.replace("7|", "x|"),
            &good[1..],
            "7|noted|5|16|32|0|-1",
        ] {
            assert_eq!(lines(bad, ends), None, "{bad}");
        }
        for column in 0..4 {
            let mut ends = ends;
            ends[column] += 1;
            assert_eq!(lines(good, ends), None, "{column}");
        }
    }
}
