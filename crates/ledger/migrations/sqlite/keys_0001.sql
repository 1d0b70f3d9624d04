-- The keys of the cases, in a file of their own: a backup may leave it out, and erasing a row erases a case.

CREATE TABLE register (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE case_key (
  case_id   BLOB PRIMARY KEY,
  version   INTEGER NOT NULL,           -- of the root key that wraps it; 0: destroyed
  wrapped   BLOB                        -- null: destroyed
) WITHOUT ROWID;
CREATE INDEX case_key_version ON case_key (version, case_id) WHERE wrapped IS NOT NULL;
