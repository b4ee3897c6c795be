-- 0003_outcomes.sql - what became of debtors, as tenants report it.
--
-- Append-only: a correction is a row of its own that supersedes another.  Ids sort by time, so the key is the order of
-- recording.  What was sent twice is there once: the fingerprint is of everything that was said.

CREATE TABLE outcome (
    environment      INTEGER NOT NULL,
    id               BLOB    NOT NULL,
    recorded_ms      INTEGER NOT NULL,
    company_key      TEXT    NOT NULL, -- of the company, or that of the decision
    decision         BLOB,             -- it is about this decision alone; NULL: about the company
    type             TEXT    NOT NULL,
    definition       TEXT    NOT NULL,
    observed_on      TEXT    NOT NULL, -- a date
    amount           TEXT    NOT NULL, -- "12500.00 EUR", or ''
    source           TEXT    NOT NULL,
    client_reference TEXT    NOT NULL,
    supersedes       BLOB,
    fingerprint      BLOB    NOT NULL,
    stream           TEXT    NOT NULL,
    epoch            INTEGER NOT NULL,
    seq              INTEGER NOT NULL,
    PRIMARY KEY (environment, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outcome_once ON outcome (environment, fingerprint);
CREATE UNIQUE INDEX outcome_superseded_once ON outcome (environment, supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX outcome_by_company ON outcome (environment, company_key, id);
CREATE INDEX outcome_by_decision ON outcome (environment, decision, id) WHERE decision IS NOT NULL;
