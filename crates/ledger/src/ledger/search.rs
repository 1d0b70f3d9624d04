//! Finding cases: by words of their papers, by what is known of a person. Only tokens are compared; no text is opened.

use super::Ledger;
use crate::{
    Result,
    db::{At, Value, list, padded},
};
use cartulary_model::{BlobId, CaseId};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A case that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The case in which the words stand.
    pub case: CaseId,
    /// The case in which it is seen: another one when it was merged.
    pub seen_in: CaseId,
    /// The documents with the rarest of the words.
    pub documents: Vec<BlobId>,
    /// How often the words stand there together.
    pub times: u64,
}

/// What a search came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The cases with all the words: those with the most of them first, then the newest.
    pub hits: Vec<Hit>,
    /// Whether all documents were looked at: a search for nothing but very common words looks at the newest only.
    pub complete: bool,
}

/// So many documents with the rarest word are looked at.
const LOOKED_AT: i64 = 3_000;
/// Where there are more, the newest of them: a page shows fewer, and each costs a look for each other word.
const NEWEST: i64 = 500;
/// Words of a query beyond these are left out; nobody types more.
const ASKED: usize = 12;

impl Ledger {
    /// The cases whose papers, notes or person hold all words of the query, at most `limit`.
    pub async fn search(&self, query: &str, limit: usize) -> Result<Found> {
        let tokens: Vec<[u8; 16]> = self.tokens().words(query).take(ASKED).map(|(token, _)| token).collect();
        let Some((tokens, complete)) = self.rarest_first(tokens).await? else {
            return Ok(Found { hits: Vec::new(), complete: true });
        };
        let looked_at = if complete { LOOKED_AT } else { NEWEST };
        let hits = self.with_all(&tokens, looked_at, limit).await?;
        Ok(Found { hits, complete })
    }

    /// The cases of a person by one thing that is known: `what` is `name`, `born`, `number`, `phone` or `mail`.
    pub async fn find_person(&self, what: &str, text: &str) -> Result<Vec<CaseId>> {
        let token = self.tokens().person(what, text);
        let sql =
            "SELECT case_id FROM person_token WHERE token = $1 AND what = $2 ORDER BY case_id DESC LIMIT 100";
        let rows = self.db().rows(At::Read, sql, &[token.into(), what.into()]).await?;
        rows.iter().map(|row| Ok(CaseId::from_uuid(Uuid::from_bytes(row.array(0)?)))).collect()
    }

    /// The cases that hold a document with this name in their vault. The name is of one case, so there is one, or none.
    pub async fn find_document(&self, document: BlobId) -> Result<Vec<CaseId>> {
        let sql = "SELECT case_id FROM document_row WHERE document = $1";
        let rows = self.db().rows(At::Read, sql, &[(*document.bytes()).into()]).await?;
        rows.iter().map(|row| Ok(CaseId::from_uuid(Uuid::from_bytes(row.array(0)?)))).collect()
    }

    /// The tokens with the rarest in front, and whether that one is rare enough to be looked at everywhere. Nothing when
    /// there is no word, or one that stands nowhere.
    async fn rarest_first(&self, tokens: Vec<[u8; 16]>) -> Result<Option<(Vec<[u8; 16]>, bool)>> {
        if tokens.is_empty() {
            return Ok(None);
        }
        // One statement for all words: each way to the database and back can cost more than the looking.
        let count = |at: usize| {
            format!(
                "(SELECT COUNT(*) FROM (SELECT 1 FROM search_token WHERE token = ${} LIMIT $1) AS of_{at})",
                at + 2
            )
        };
        let sql = format!("SELECT {}", (0..tokens.len()).map(count).collect::<Vec<_>>().join(", "));
        let mut values: Vec<Value> = vec![(LOOKED_AT + 1).into()];
        values.extend(tokens.iter().map(|token| Value::from(*token)));
        let Some(row) = self.db().row(At::Read, AssertSqlSafe(sql), &values).await? else { return Ok(None) };
        let mut counted = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.into_iter().enumerate() {
            counted.push((row.int(at)?, token));
        }
        counted.sort_unstable();
        if counted.first().is_some_and(|(count, _)| *count == 0) {
            return Ok(None);
        }
        let complete = counted.first().is_some_and(|(count, _)| *count <= LOOKED_AT);
        let tokens: Vec<_> = counted.into_iter().map(|(_, token)| token).collect();
        Ok(Some((tokens, complete)))
    }

    async fn with_all(&self, tokens: &[[u8; 16]], looked_at: i64, limit: usize) -> Result<Vec<Hit>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut values: Vec<Value> = vec![tokens[0].into(), looked_at.into(), limit.into()];
        let mut sums = String::new();
        for (at, token) in tokens.iter().enumerate().skip(1) {
            let of_token = format!("FROM search_token WHERE token = ${} AND case_id = rare.case_id", at + 3);
            sums += &format!(" + (SELECT CAST(SUM(times) AS BIGINT) {of_token})");
            values.push((*token).into());
        }
        // A word that does not stand in a case has no sum, and then the case has none.
        let sql = format!(
            "SELECT case_id, total, \
                 (SELECT merged_into FROM case_row WHERE case_row.case_id = found.case_id) FROM (\
                 SELECT case_id, times{sums} AS total FROM (\
                     SELECT case_id, CAST(SUM(times) AS BIGINT) AS times FROM (\
                         SELECT case_id, times FROM search_token WHERE token = $1 ORDER BY case_id DESC LIMIT $2\
                     ) AS rows_of_rarest GROUP BY case_id\
                 ) AS rare ORDER BY total DESC NULLS LAST, case_id DESC LIMIT $3\
             ) AS found WHERE total IS NOT NULL ORDER BY total DESC, case_id DESC"
        );
        let mut hits = Vec::new();
        let mut merged = false;
        for row in self.db().rows(At::Read, AssertSqlSafe(sql), &values).await? {
            let case = CaseId::from_uuid(Uuid::from_bytes(row.array(0)?));
            let times = u64::try_from(row.int(1)?).unwrap_or(0);
            merged |= row.maybe_bytes(2)?.is_some();
            hits.push(Hit { case, seen_in: case, documents: Vec::new(), times });
        }
        self.add_documents(&tokens[0], &mut hits).await?;
        if merged {
            self.follow_merges(&mut hits).await?;
        }
        Ok(hits)
    }

    async fn add_documents(&self, token: &[u8; 16], hits: &mut [Hit]) -> Result<()> {
        if hits.is_empty() {
            return Ok(());
        }
        let cases = padded(hits.iter().map(|hit| (*hit.case.bytes()).into()).collect());
        let sql = format!(
            "SELECT case_id, document FROM search_token WHERE token = $1 AND case_id IN ({}) ORDER BY document",
            list(2, cases.len())
        );
        let values: Vec<Value> = std::iter::once((*token).into()).chain(cases).collect();
        let mut documents: BTreeMap<CaseId, Vec<BlobId>> = BTreeMap::new();
        for row in self.db().rows(At::Read, AssertSqlSafe(sql), &values).await? {
            let case = CaseId::from_uuid(Uuid::from_bytes(row.array(0)?));
            // The case file itself has no document.
            documents.entry(case).or_default().extend(row.array(1).ok().map(BlobId::from_bytes));
        }
        for hit in hits {
            hit.documents = documents.remove(&hit.case).unwrap_or_default();
        }
        Ok(())
    }

    async fn follow_merges(&self, hits: &mut [Hit]) -> Result<()> {
        let mut open: BTreeSet<CaseId> = hits.iter().map(|hit| hit.case).collect();
        let mut into = BTreeMap::new();
        while !open.is_empty() {
            let values: Vec<Value> = open.iter().map(|case| (*case.bytes()).into()).collect();
            let sql = format!(
                "SELECT case_id, merged_into FROM case_row WHERE merged_into IS NOT NULL AND case_id IN ({})",
                list(1, values.len())
            );
            open.clear();
            for row in self.db().rows(At::Read, AssertSqlSafe(sql), &padded(values)).await? {
                let case = CaseId::from_uuid(Uuid::from_bytes(row.array(0)?));
                let to = CaseId::from_uuid(Uuid::from_bytes(row.array(1)?));
                if into.insert(case, to).is_none() {
                    open.insert(to);
                }
            }
        }
        for hit in hits {
            let mut steps = into.len();
            while let Some(to) = into.get(&hit.seen_in).filter(|_| steps > 0) {
                hit.seen_in = *to;
                steps -= 1;
            }
        }
        Ok(())
    }
}
