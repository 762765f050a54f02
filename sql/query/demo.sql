-- What must hold of an invented book, asked of its rows. Used by tests of flow/demo.c.

-- Entries whose postings do not add up to nothing.
-- name: demo_unbalanced
SELECT COUNT(*) FROM (
    SELECT bucket, casefile_id, entry_no, currency FROM posting
     GROUP BY bucket, casefile_id, entry_no, currency HAVING SUM(minor) <> 0) AS e;

-- Instalments whose open amount is not what their postings say.
-- name: demo_astray
SELECT COUNT(*) FROM (
    SELECT i.bucket, i.casefile_id, i.debt_no, i.instalment_no
      FROM instalment AS i JOIN posting AS p
        ON p.bucket = i.bucket AND p.casefile_id = i.casefile_id AND p.debt_no = i.debt_no
       AND p.instalment_no = i.instalment_no AND p.account = 'principal'
     GROUP BY i.bucket, i.casefile_id, i.debt_no, i.instalment_no, i.amount_minor, i.paid_minor
    HAVING SUM(p.minor) <> i.amount_minor - i.paid_minor) AS e;

-- name: demo_consumers
SELECT COUNT(*) FROM casefile WHERE business = 0;

-- Promises by themselves that ended days ago, and are open still: the cycle settles plans.
-- name: demo_forgotten
SELECT COUNT(*) FROM promise WHERE state = 'open' AND plan_no = 0 AND due_day < 20774;
