-- The register on PostgreSQL. Truth: entry, access, checkpoint. Everything called a projection can be made again from them.
-- Times are microseconds since 1970 UTC; ids are 16 bytes; hashes are 32 bytes.

CREATE TABLE register (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE entry (
  pos     BIGINT PRIMARY KEY,          -- place in the whole register, from 1 without gaps
  act     BIGINT NOT NULL,             -- pos of the first entry that was appended in the same act
  case_id BYTEA    NOT NULL,
  seq     BIGINT NOT NULL,             -- place in the case, from 1 without gaps
  kind    TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  actor   BYTEA    NOT NULL,
  body    BYTEA    NOT NULL,             -- sealed with the key of the case; of kind `erased`: plain
  prev    BYTEA    NOT NULL,             -- hash of the entry before it in the case
  hash    BYTEA    NOT NULL,
  chain   BYTEA    NOT NULL,             -- chain of the entry before it in the register, and this hash
  once    BYTEA UNIQUE,                  -- names an act that must not happen twice
  UNIQUE (case_id, seq)
);
CREATE INDEX entry_act ON entry (act);

CREATE TABLE access (
  pos     BIGINT PRIMARY KEY,
  at      BIGINT NOT NULL,
  actor   BYTEA    NOT NULL,
  case_id BYTEA,
  what    TEXT COLLATE "C" NOT NULL,
  prev    BYTEA    NOT NULL,
  hash    BYTEA    NOT NULL
);
CREATE INDEX access_case ON access (case_id, pos);

CREATE TABLE checkpoint (
  n          BIGINT PRIMARY KEY,       -- from 1 without gaps
  at         BIGINT NOT NULL,
  pos        BIGINT NOT NULL,
  chain      BYTEA    NOT NULL,
  access_pos BIGINT NOT NULL,
  access     BYTEA    NOT NULL,
  prev       BYTEA    NOT NULL,          -- digest of the checkpoint before it
  signature  BYTEA    NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

CREATE TRIGGER entry_is_kept BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_is_not_emptied BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_is_kept BEFORE UPDATE OR DELETE ON access FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_is_not_emptied BEFORE TRUNCATE ON access FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_is_kept BEFORE UPDATE OR DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_is_not_emptied BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Projections.

CREATE TABLE case_row (
  case_id     BYTEA PRIMARY KEY,
  state       TEXT COLLATE "C" NOT NULL,
  owner       BYTEA,
  opened_at   BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL,
  documents   BIGINT NOT NULL,
  unread      BIGINT NOT NULL,
  facts       BIGINT NOT NULL,
  evaluations BIGINT NOT NULL,
  merged_into BYTEA,
  version     BIGINT NOT NULL
);
CREATE INDEX case_row_changed ON case_row (changed_at, case_id);
CREATE INDEX case_row_state ON case_row (state, changed_at, case_id);
CREATE INDEX case_row_owner ON case_row (owner, changed_at, case_id);
CREATE INDEX case_row_merged ON case_row (merged_into);

CREATE TABLE person_token (
  case_id BYTEA NOT NULL,
  what    TEXT COLLATE "C" NOT NULL,
  token   BYTEA NOT NULL,
  PRIMARY KEY (case_id, what, token)
);
CREATE INDEX person_token_token ON person_token (token, case_id);

CREATE TABLE document_row (
  case_id     BYTEA NOT NULL,
  document    BYTEA NOT NULL,
  channel     TEXT COLLATE "C" NOT NULL,
  media_type  TEXT COLLATE "C" NOT NULL,
  size        BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  state       TEXT COLLATE "C" NOT NULL,
  pages       BIGINT NOT NULL,
  PRIMARY KEY (case_id, document)
);
CREATE INDEX document_row_document ON document_row (document);

CREATE TABLE fact_row (
  case_id   BYTEA NOT NULL,
  fact      TEXT COLLATE "C" NOT NULL,
  document  BYTEA,
  concept   TEXT COLLATE "C" NOT NULL,
  assertion TEXT COLLATE "C" NOT NULL,
  status    TEXT COLLATE "C" NOT NULL,
  number    DOUBLE PRECISION,
  unit      TEXT COLLATE "C",
  on_date   TEXT COLLATE "C",
  PRIMARY KEY (case_id, fact)
);
CREATE INDEX fact_row_concept ON fact_row (concept, case_id);

CREATE TABLE evaluation_row (
  case_id  BYTEA NOT NULL,
  seq      BIGINT NOT NULL,
  set_id   TEXT COLLATE "C" NOT NULL,
  answer   TEXT COLLATE "C" NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (case_id, seq, set_id)
);
CREATE INDEX evaluation_row_set ON evaluation_row (set_id, answer, case_id);

CREATE TABLE course_row (
  case_id BYTEA NOT NULL,
  seq     BIGINT NOT NULL,
  what    TEXT COLLATE "C" NOT NULL,
  on_date TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (case_id, seq)
);
CREATE INDEX course_row_what ON course_row (what, on_date);

CREATE TABLE search_token (
  token    BYTEA NOT NULL,
  case_id  BYTEA NOT NULL,
  document BYTEA NOT NULL,               -- empty: a text of the case file itself, such as a note
  times    BIGINT NOT NULL,
  PRIMARY KEY (token, case_id, document)
);
CREATE INDEX search_token_case ON search_token (case_id, document);
CREATE INDEX search_token_file ON search_token (case_id) WHERE LENGTH(document) = 0;

-- Work to do. No truth and no projection: what is lost here is found again as documents without a reading.

CREATE TABLE job (
  id          BYTEA PRIMARY KEY,
  kind        TEXT COLLATE "C" NOT NULL,
  payload     TEXT COLLATE "C" NOT NULL,         -- ids only
  case_id     BYTEA,
  dedupe      TEXT COLLATE "C",
  state       TEXT COLLATE "C" NOT NULL,         -- ready, running, done, dead
  priority    BIGINT NOT NULL,
  run_at      BIGINT NOT NULL,
  attempts    BIGINT NOT NULL,         -- the fencing token
  allowed     BIGINT NOT NULL,         -- attempts before it is dead
  worker      TEXT COLLATE "C",
  lease_until BIGINT NOT NULL,
  step        TEXT COLLATE "C",
  done        BIGINT NOT NULL,
  total       BIGINT NOT NULL,
  error       TEXT COLLATE "C",
  made_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX job_dedupe ON job (dedupe) WHERE state IN ('ready', 'running');
CREATE INDEX job_next ON job (priority, run_at, id) WHERE state = 'ready';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_case ON job (case_id);

-- The keys of the cases, in a schema of their own: other rights, another backup; erasing a row erases a case.

CREATE SCHEMA keys;

CREATE TABLE keys.register (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE keys.case_key (
  case_id   BYTEA PRIMARY KEY,
  version   BIGINT NOT NULL,           -- of the root key that wraps it; 0: destroyed
  wrapped   BYTEA                       -- null: destroyed
);
CREATE INDEX case_key_version ON keys.case_key (version, case_id) WHERE wrapped IS NOT NULL;
