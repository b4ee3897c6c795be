-- schema.sql - what a peer writes for a decision: its row, the claim of its key, its entry in the chain.
CREATE TABLE api_key (hash BLOB PRIMARY KEY, tenant INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE decision (id TEXT PRIMARY KEY, tenant INTEGER NOT NULL, created_ms INTEGER NOT NULL,
    company TEXT NOT NULL, reference TEXT, request BLOB NOT NULL, answer BLOB NOT NULL);
CREATE INDEX decision_by_company ON decision (tenant, company, created_ms);
CREATE TABLE idempotency (tenant INTEGER NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL,
    decision TEXT NOT NULL, PRIMARY KEY (tenant, key)) WITHOUT ROWID;
CREATE TABLE audit (seq INTEGER PRIMARY KEY, decision TEXT NOT NULL, digest BLOB NOT NULL, hash BLOB NOT NULL);
