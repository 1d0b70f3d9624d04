-- The register on SQLite. Truth: entry, access, checkpoint. Everything called a projection can be made again from them.
-- Times are microseconds since 1970 UTC; ids are 16 bytes; hashes are 32 bytes.

CREATE TABLE register (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE entry (
  pos     INTEGER PRIMARY KEY,          -- place in the whole register, from 1 without gaps
  act     INTEGER NOT NULL,             -- pos of the first entry that was appended in the same act
  case_id BLOB    NOT NULL,
  seq     INTEGER NOT NULL,             -- place in the case, from 1 without gaps
  kind    TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  actor   BLOB    NOT NULL,
  body    BLOB    NOT NULL,             -- sealed with the key of the case; of kind `erased`: plain
  prev    BLOB    NOT NULL,             -- hash of the entry before it in the case
  hash    BLOB    NOT NULL,
  chain   BLOB    NOT NULL,             -- chain of the entry before it in the register, and this hash
  once    BLOB UNIQUE,                  -- names an act that must not happen twice
  UNIQUE (case_id, seq)
);
CREATE INDEX entry_act ON entry (act);

CREATE TABLE access (
  pos     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  actor   BLOB    NOT NULL,
  case_id BLOB,
  what    TEXT    NOT NULL,
  prev    BLOB    NOT NULL,
  hash    BLOB    NOT NULL
);
CREATE INDEX access_case ON access (case_id, pos);

CREATE TABLE checkpoint (
  n          INTEGER PRIMARY KEY,       -- from 1 without gaps
  at         INTEGER NOT NULL,
  pos        INTEGER NOT NULL,
  chain      BLOB    NOT NULL,
  access_pos INTEGER NOT NULL,
  access     BLOB    NOT NULL,
  prev       BLOB    NOT NULL,          -- digest of the checkpoint before it
  signature  BLOB    NOT NULL
);

CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER access_is_not_changed BEFORE UPDATE ON access BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER access_is_not_deleted BEFORE DELETE ON access BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER checkpoint_is_not_changed BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER checkpoint_is_not_deleted BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

-- Projections.

CREATE TABLE case_row (
  case_id     BLOB PRIMARY KEY,
  state       TEXT    NOT NULL,
  owner       BLOB,
  opened_at   INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,
  documents   INTEGER NOT NULL,
  unread      INTEGER NOT NULL,
  facts       INTEGER NOT NULL,
  evaluations INTEGER NOT NULL,
  merged_into BLOB,
  version     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX case_row_changed ON case_row (changed_at, case_id);
CREATE INDEX case_row_state ON case_row (state, changed_at, case_id);
CREATE INDEX case_row_owner ON case_row (owner, changed_at, case_id);
CREATE INDEX case_row_merged ON case_row (merged_into);

CREATE TABLE person_token (
  case_id BLOB NOT NULL,
  what    TEXT NOT NULL,
  token   BLOB NOT NULL,
  PRIMARY KEY (case_id, what, token)
) WITHOUT ROWID;
CREATE INDEX person_token_token ON person_token (token, case_id);

CREATE TABLE document_row (
  case_id     BLOB NOT NULL,
  document    BLOB NOT NULL,
  channel     TEXT NOT NULL,
  media_type  TEXT NOT NULL,
  size        INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  state       TEXT NOT NULL,
  pages       INTEGER NOT NULL,
  PRIMARY KEY (case_id, document)
) WITHOUT ROWID;
CREATE INDEX document_row_document ON document_row (document);

CREATE TABLE fact_row (
  case_id   BLOB NOT NULL,
  fact      TEXT NOT NULL,
  document  BLOB,
  concept   TEXT NOT NULL,
  assertion TEXT NOT NULL,
  status    TEXT NOT NULL,
  number    REAL,
  unit      TEXT,
  on_date   TEXT,
  PRIMARY KEY (case_id, fact)
) WITHOUT ROWID;
CREATE INDEX fact_row_concept ON fact_row (concept, case_id);

CREATE TABLE evaluation_row (
  case_id  BLOB NOT NULL,
  seq      INTEGER NOT NULL,
  set_id   TEXT NOT NULL,
  answer   TEXT NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (case_id, seq, set_id)
) WITHOUT ROWID;
CREATE INDEX evaluation_row_set ON evaluation_row (set_id, answer, case_id);

CREATE TABLE course_row (
  case_id BLOB NOT NULL,
  seq     INTEGER NOT NULL,
  what    TEXT NOT NULL,
  on_date TEXT NOT NULL,
  PRIMARY KEY (case_id, seq)
) WITHOUT ROWID;
CREATE INDEX course_row_what ON course_row (what, on_date);

CREATE TABLE search_token (
  token    BLOB NOT NULL,
  case_id  BLOB NOT NULL,
  document BLOB NOT NULL,               -- empty: a text of the case file itself, such as a note
  times    INTEGER NOT NULL,
  PRIMARY KEY (token, case_id, document)
) WITHOUT ROWID;
CREATE INDEX search_token_case ON search_token (case_id, document);
CREATE INDEX search_token_file ON search_token (case_id) WHERE LENGTH(document) = 0;

-- Work to do. No truth and no projection: what is lost here is found again as documents without a reading.

CREATE TABLE job (
  id          BLOB PRIMARY KEY,
  kind        TEXT    NOT NULL,
  payload     TEXT    NOT NULL,         -- ids only
  case_id     BLOB,
  dedupe      TEXT,
  state       TEXT    NOT NULL,         -- ready, running, done, dead
  priority    INTEGER NOT NULL,
  run_at      INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,         -- the fencing token
  allowed     INTEGER NOT NULL,         -- attempts before it is dead
  worker      TEXT,
  lease_until INTEGER NOT NULL,
  step        TEXT,
  done        INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  error       TEXT,
  made_at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX job_dedupe ON job (dedupe) WHERE state IN ('ready', 'running');
CREATE INDEX job_next ON job (priority, run_at, id) WHERE state = 'ready';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_case ON job (case_id);
