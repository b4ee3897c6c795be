-- 0004_graph.sql - the tenant's graph: the links that its decisions have filed, and what is known of whom they name.
--
-- A party's key is that of its identifier, the SIREN where there is one inside.  Days are counted from 1970-01-01.  What is
-- here is derived from the decisions named, and a decision that uses it freezes what it used: nothing is replayed from here.

CREATE TABLE graph_link (
    environment    INTEGER NOT NULL,
    from_party     TEXT    NOT NULL,
    to_party       TEXT    NOT NULL,
    type           TEXT    NOT NULL,
    kind           INTEGER NOT NULL, -- 0 a holding, 1 an exposure, 2 a seat
    strength       INTEGER NOT NULL, -- within its kind: the strongest is read first
    share_ppm      INTEGER NOT NULL, -- -1: nobody said
    exposure_minor INTEGER NOT NULL,
    currency       TEXT    NOT NULL, -- '': no exposure was stated
    pd_ppm         INTEGER NOT NULL, -- as the link states it; -1: it does not
    learned_on     INTEGER NOT NULL,
    decision       BLOB    NOT NULL,
    PRIMARY KEY (environment, from_party, to_party, type)
) STRICT, WITHOUT ROWID;
CREATE INDEX graph_link_down ON graph_link (environment, from_party, kind, strength DESC, to_party, type);
CREATE INDEX graph_link_up ON graph_link (environment, to_party, kind, strength DESC, from_party, type);

-- What the latest decision on a party says of it.  Only parties that a link names have a row.
CREATE TABLE graph_party (
    environment  INTEGER NOT NULL,
    party        TEXT    NOT NULL,
    pd_ppm       INTEGER NOT NULL, -- before what its own neighbours add; -1: not known
    equity_minor INTEGER NOT NULL,
    currency     TEXT    NOT NULL, -- '': no equity is known
    decided_on   INTEGER NOT NULL, -- its as_of; -1: none was found when it was last looked for
    decision     BLOB    NOT NULL, -- empty then
    PRIMARY KEY (environment, party)
) STRICT, WITHOUT ROWID;
