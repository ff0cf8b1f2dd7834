-- The first schema. Times are milliseconds since 1970-01-01 UTC; a range has both bounds, an exact time has them equal.

CREATE TABLE lane (
  id INTEGER PRIMARY KEY,
  workspace TEXT NOT NULL,
  service TEXT NOT NULL,
  environment TEXT NOT NULL,
  UNIQUE (workspace, service, environment)
) STRICT;

CREATE TABLE workload (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL,
  kind TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (uid, kind, namespace, name)
) STRICT;

CREATE TABLE deployment (
  id INTEGER PRIMARY KEY,
  lane_id INTEGER NOT NULL REFERENCES lane (id),
  workload_id INTEGER REFERENCES workload (id),
  template TEXT,
  revision INTEGER,
  version_kind INTEGER NOT NULL CHECK (version_kind BETWEEN 0 AND 2),
  version TEXT NOT NULL,
  version_evidence TEXT NOT NULL,
  image TEXT,
  digest TEXT,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
  status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 5),
  evidence INTEGER NOT NULL CHECK (evidence BETWEEN 0 AND 3),
  started_earliest INTEGER,
  started INTEGER,
  settled_earliest INTEGER,
  settled INTEGER,
  failed_earliest INTEGER,
  failed INTEGER,
  ended_earliest INTEGER,
  ended INTEGER,
  previous_served_until INTEGER,
  is_rollback INTEGER NOT NULL CHECK (is_rollback IN (0, 1)),
  rollback_to INTEGER REFERENCES deployment (id),
  who TEXT,
  who_source TEXT,
  why TEXT,
  why_source TEXT,
  operation TEXT
) STRICT;

CREATE INDEX deployment_by_lane ON deployment (lane_id, started);

CREATE TABLE evidence (
  deployment_id INTEGER NOT NULL REFERENCES deployment (id) ON DELETE CASCADE,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),
  source TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  started_earliest INTEGER,
  started INTEGER,
  settled_earliest INTEGER,
  settled INTEGER,
  failed_earliest INTEGER,
  failed INTEGER,
  ended_earliest INTEGER,
  ended INTEGER,
  PRIMARY KEY (deployment_id, kind, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
  id INTEGER PRIMARY KEY,
  lane_id INTEGER NOT NULL REFERENCES lane (id),
  workload TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  missed INTEGER NOT NULL,
  UNIQUE (lane_id, workload, since)
) STRICT;

CREATE TABLE last_seen (
  workspace TEXT NOT NULL,
  workload TEXT NOT NULL,
  revision INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (workspace, workload)
) STRICT, WITHOUT ROWID;

CREATE TABLE template (
  hash TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  body BLOB NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE config_map (
  hash TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  body BLOB NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;

-- What a deployment's template named when it was seen; key_id tells which key hashed a Secret.
CREATE TABLE configuration (
  deployment_id INTEGER NOT NULL REFERENCES deployment (id) ON DELETE CASCADE,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 1),
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  hash TEXT,
  key_id TEXT,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (deployment_id, kind, namespace, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
  repository TEXT NOT NULL,
  name BLOB NOT NULL,
  target TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  gone_at INTEGER,
  PRIMARY KEY (repository, name, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  id INTEGER PRIMARY KEY,
  workspace TEXT NOT NULL,
  service TEXT NOT NULL,
  version TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 1),
  body TEXT NOT NULL,
  draft TEXT,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (workspace, service, version)
) STRICT;

CREATE TABLE note_revision (
  id INTEGER PRIMARY KEY,
  note_id INTEGER NOT NULL REFERENCES note (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  author TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT;

CREATE INDEX note_revision_by_note ON note_revision (note_id, saved_at);

-- Holds the text as search_text.rs spaces it, so that every Chinese character is a word of its own.
CREATE VIRTUAL TABLE note_search USING fts5 (title, body, tokenize = 'unicode61 remove_diacritics 2');

-- operation and operation_step are one chain: sequence counts over both, and each row carries the hash before.
CREATE TABLE operation (
  sequence INTEGER PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  id TEXT NOT NULL UNIQUE,
  workspace TEXT NOT NULL,
  service TEXT NOT NULL,
  environment TEXT NOT NULL,
  workload TEXT NOT NULL,
  intent TEXT NOT NULL,
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX operation_by_workspace ON operation (workspace, number);

CREATE TABLE operation_step (
  sequence INTEGER PRIMARY KEY,
  operation INTEGER NOT NULL REFERENCES operation (number),
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  facts TEXT NOT NULL,
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX operation_step_by_operation ON operation_step (operation, sequence);

-- The chain was found shorter than its head file said: what was lost stays told.
CREATE TABLE chain_gap (
  id INTEGER PRIMARY KEY,
  noted_at INTEGER NOT NULL,
  expected_sequence INTEGER NOT NULL,
  expected_hash BLOB NOT NULL,
  found_sequence INTEGER NOT NULL
) STRICT;

CREATE TRIGGER operation_no_update BEFORE UPDATE ON operation
BEGIN SELECT RAISE (ABORT, 'operation is append-only'); END;
CREATE TRIGGER operation_no_delete BEFORE DELETE ON operation
BEGIN SELECT RAISE (ABORT, 'operation is append-only'); END;
CREATE TRIGGER operation_step_no_update BEFORE UPDATE ON operation_step
BEGIN SELECT RAISE (ABORT, 'operation_step is append-only'); END;
CREATE TRIGGER operation_step_no_delete BEFORE DELETE ON operation_step
BEGIN SELECT RAISE (ABORT, 'operation_step is append-only'); END;
CREATE TRIGGER chain_gap_no_update BEFORE UPDATE ON chain_gap
BEGIN SELECT RAISE (ABORT, 'chain_gap is append-only'); END;
CREATE TRIGGER chain_gap_no_delete BEFORE DELETE ON chain_gap
BEGIN SELECT RAISE (ABORT, 'chain_gap is append-only'); END;

CREATE TABLE setting (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE exec_consent (
  command TEXT NOT NULL,
  arguments TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  PRIMARY KEY (command, arguments)
) STRICT, WITHOUT ROWID;

CREATE TABLE recent_workspace (
  path TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  opened_at INTEGER NOT NULL
) STRICT;

-- One row, rewritten to find out whether the file still takes a commit.
CREATE TABLE write_probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  filler BLOB NOT NULL
) STRICT;

PRAGMA application_id = 1414087757;
