-- 0002_models.sql - models that were imported, who decides and who scores beside, and what those said.
--
-- An environment of 0 is the installation itself.  The bytes of a model are an artifact, found by its digest.

CREATE TABLE model (
    environment INTEGER NOT NULL, -- that sees it; 0: all do
    id          BLOB    NOT NULL UNIQUE,
    sha256      BLOB    NOT NULL,
    name        TEXT    NOT NULL, -- the id that its bundle gives it
    version     TEXT    NOT NULL,
    can_decide  INTEGER NOT NULL CHECK (can_decide IN (0, 1)),
    can_score   INTEGER NOT NULL CHECK (can_score IN (0, 1)),
    acted_by    TEXT    NOT NULL,
    created_ms  INTEGER NOT NULL,
    stream      TEXT    NOT NULL DEFAULT '',
    epoch       INTEGER NOT NULL DEFAULT 0,
    seq         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (environment, sha256)
) STRICT, WITHOUT ROWID;

-- Every change of roles, one after the other: who decides now is what the changes come to.  Revisions count the
-- changes of the whole installation from 1 without gaps, so a change is made against what its maker has seen.
CREATE TABLE model_change (
    environment INTEGER NOT NULL,
    revision    INTEGER NOT NULL UNIQUE,
    action      TEXT    NOT NULL, -- a word of model_actions.def
    object      BLOB    NOT NULL, -- the model's id
    sha256      BLOB    NOT NULL, -- the model's digest; empty where the action is about no model
    acted_by    TEXT    NOT NULL,
    approved_by TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    created_ms  INTEGER NOT NULL,
    stream      TEXT    NOT NULL DEFAULT '',
    epoch       INTEGER NOT NULL DEFAULT 0,
    seq         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (environment, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX model_change_by_place ON model_change (stream, epoch, seq);

-- What a challenger said beside a decision, and what was decided.  NULL where there is none.
CREATE TABLE decision_shadow (
    environment             INTEGER NOT NULL,
    decision                BLOB    NOT NULL,
    challenger              BLOB    NOT NULL, -- digests of the two models
    champion                BLOB    NOT NULL,
    created_ms              INTEGER NOT NULL,
    outcome                 TEXT    NOT NULL, -- the status of a decision, or "unavailable"
    pd_ppm                  INTEGER,
    score                   INTEGER,
    grade                   TEXT,
    recommendation          TEXT,
    champion_pd_ppm         INTEGER,
    champion_score          INTEGER,
    champion_grade          TEXT,
    champion_recommendation TEXT,
    PRIMARY KEY (environment, decision, challenger)
) STRICT, WITHOUT ROWID;
