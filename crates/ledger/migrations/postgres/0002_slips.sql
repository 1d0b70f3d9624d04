-- What is kept of no case, changes, and is no truth of the register: accounts of the staff, sessions, links, uploads under way.
CREATE TABLE slip (
  drawer  TEXT    NOT NULL,
  id      BYTEA   NOT NULL,             -- 32 bytes: a keyed digest, never a name or a token
  owner   BYTEA,                        -- the case or person that it is of
  ends_at BIGINT,                      -- it counts for nothing from then on
  version BIGINT  NOT NULL,
  body    BYTEA   NOT NULL,             -- sealed with the key of the register
  PRIMARY KEY (drawer, id)
);
CREATE INDEX slip_owner ON slip (owner) WHERE owner IS NOT NULL;
CREATE INDEX slip_ends ON slip (ends_at) WHERE ends_at IS NOT NULL;

-- What the worklist sorts and counts by; `rebuild` fills it in for cases that were there before.
ALTER TABLE case_row ADD COLUMN contact_at BIGINT;
ALTER TABLE case_row ADD COLUMN asked_at BIGINT;
ALTER TABLE case_row ADD COLUMN diagnosis TEXT;
ALTER TABLE case_row ADD COLUMN missing BIGINT NOT NULL DEFAULT 0;
CREATE INDEX case_row_unanswered ON case_row (opened_at, case_id) WHERE contact_at IS NULL;
CREATE INDEX case_row_all_opened ON case_row (opened_at);
