-- 0001_first.sql - tenants and keys, decisions, claims, artifacts, and the audit chain.
--
-- The first column of every key of a tenant's data is its environment, so that an engine that shards by key
-- can.  The audit tables belong to a writer: their first column is its stream.  Ids are 16 bytes that sort
-- by time; times are UTC milliseconds.  stream, epoch and seq say which audit entry proves a row.

CREATE TABLE tenant (
    id         BLOB    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    stream     TEXT    NOT NULL DEFAULT '',
    epoch      INTEGER NOT NULL DEFAULT 0,
    seq        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE environment (
    number  INTEGER NOT NULL PRIMARY KEY,
    tenant  BLOB    NOT NULL REFERENCES tenant (id),
    is_live INTEGER NOT NULL CHECK (is_live IN (0, 1)),
    UNIQUE (tenant, is_live)
) STRICT;

CREATE TABLE api_key (
    environment    INTEGER NOT NULL REFERENCES environment (number),
    id             BLOB    NOT NULL UNIQUE,
    hash           BLOB    NOT NULL UNIQUE,
    last4          TEXT    NOT NULL,
    scopes         TEXT    NOT NULL,
    created_ms     INTEGER NOT NULL,
    expires_ms     INTEGER NOT NULL,
    revoked_ms     INTEGER NOT NULL DEFAULT 0,
    stream         TEXT    NOT NULL DEFAULT '',
    epoch          INTEGER NOT NULL DEFAULT 0,
    seq            INTEGER NOT NULL DEFAULT 0,
    revoked_stream TEXT    NOT NULL DEFAULT '',
    revoked_epoch  INTEGER NOT NULL DEFAULT 0,
    revoked_seq    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (environment, id)
) STRICT, WITHOUT ROWID;

-- A rowid table: its large rows are written at the end, whatever the environment.
CREATE TABLE decision (
    environment      INTEGER NOT NULL,
    id               BLOB    NOT NULL,
    created_ms       INTEGER NOT NULL,
    company_key      TEXT    NOT NULL,
    client_reference TEXT    NOT NULL,
    recommendation   TEXT    NOT NULL,
    stream           TEXT    NOT NULL,
    epoch            INTEGER NOT NULL,
    seq              INTEGER NOT NULL,
    salt             BLOB,   -- salt and payload are NULL once erased
    payload          BLOB    -- packed: docs/AUDIT.md, "In the database"
) STRICT;
CREATE UNIQUE INDEX decision_by_id ON decision (environment, id);
CREATE INDEX decision_by_time ON decision (environment, created_ms, id, recommendation);
-- Which decisions name a company or a reference: callers choose these words, so their order is chance.  They are kept
-- by stretches of time, buckets of about 1,024 decisions, so that a commit touches the few pages of the newest and none
-- of a million before.  A bucket reaches from its start to the next one's; the first starts at 0 and has no row.
-- One starts behind all there is, so what came before stays where it is.
CREATE TABLE decision_bucket (
    environment INTEGER NOT NULL,
    start_ms    INTEGER NOT NULL,
    PRIMARY KEY (environment, start_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE decision_word (
    environment INTEGER NOT NULL,
    bucket      INTEGER NOT NULL, -- its start_ms
    word        INTEGER NOT NULL, -- 32 bits that stand for the text: the row itself tells whether it is
    created_ms  INTEGER NOT NULL,
    id          BLOB    NOT NULL,
    PRIMARY KEY (environment, bucket, word, created_ms, id)
) STRICT, WITHOUT ROWID;

-- By the key as it came, not its hash: keys that callers count up share the last leaf.
CREATE TABLE idempotency (
    environment INTEGER NOT NULL,
    route       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    object      BLOB    NOT NULL,
    created_ms  INTEGER NOT NULL,
    PRIMARY KEY (environment, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_ms);

CREATE TABLE artifact (
    sha256     BLOB    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    bytes      BLOB    NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

-- Salt and payload of a decision stand in its own row; those of any other entry here.
CREATE TABLE audit_entry (
    stream      TEXT    NOT NULL,
    epoch       INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    time_ms     INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    environment INTEGER NOT NULL,
    object      BLOB    NOT NULL,
    digest      BLOB    NOT NULL,
    hash        BLOB    NOT NULL,
    salt        BLOB,
    payload     TEXT,
    PRIMARY KEY (stream, epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_commit (
    stream    TEXT    NOT NULL,
    epoch     INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    root      BLOB    NOT NULL,
    PRIMARY KEY (stream, epoch, last_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_checkpoint (
    stream    TEXT    NOT NULL,
    epoch     INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    time_ms   INTEGER NOT NULL,
    head      BLOB    NOT NULL,
    root      BLOB    NOT NULL,
    previous  BLOB    NOT NULL,
    key_id    BLOB    NOT NULL,
    signature BLOB    NOT NULL,
    PRIMARY KEY (stream, epoch, last_seq)
) STRICT, WITHOUT ROWID;

-- One row that a writer touches to learn whether the disk takes writes again.
CREATE TABLE writer_probe (
    id    INTEGER NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT;
INSERT INTO writer_probe (id, count) VALUES (1, 0);
