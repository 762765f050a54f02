-- Accounts, to be looked at: lists and pages, never decisions.

-- One row for each currency in which something is open; '' takes every standing.
-- name: account_list
SELECT c.reference, p.name, c.creditor, c.standing, c.standing_reason, c.segment, d.currency,
       CAST(COALESCE(SUM(i.amount_minor - i.paid_minor), 0) AS BIGINT),
       CAST(COALESCE(MIN(i.due_day), 99999999) AS BIGINT)
  FROM casefile AS c
  JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
  LEFT JOIN instalment AS i ON i.bucket = c.bucket AND i.casefile_id = c.casefile_id
                           AND i.paid_minor < i.amount_minor
  LEFT JOIN debt AS d ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id
                     AND d.debt_no = i.debt_no
 WHERE (:standing = '' OR c.standing = :standing)
 GROUP BY c.bucket, c.casefile_id, c.reference, p.name, c.creditor, c.standing,
          c.standing_reason, c.segment, d.currency
 ORDER BY c.reference, d.currency
 LIMIT :limit;

-- name: account_face
SELECT c.reference, p.name, c.creditor, c.role, c.business, c.standing, c.standing_reason,
       c.standing_rule, c.standing_until, c.segment, p.language
  FROM casefile AS c
  JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
 WHERE c.bucket = :bucket AND c.casefile_id = :casefile;

-- name: account_points
SELECT channel, address, state, source FROM contact_point
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY point_no;

-- name: account_items
SELECT d.reference, d.kind, d.currency, i.instalment_no, i.due_day, i.amount_minor, i.paid_minor,
       i.last_step
  FROM debt AS d JOIN instalment AS i
    ON i.bucket = d.bucket AND i.casefile_id = d.casefile_id AND i.debt_no = d.debt_no
 WHERE d.bucket = :bucket AND d.casefile_id = :casefile
 ORDER BY i.due_day, d.debt_no, i.instalment_no;

-- name: account_facts
SELECT f.fact_no, f.type, f.debt_no, f.at, f.until_at, f.scope, f.value, f.channel, d.reference
  FROM fact AS f LEFT JOIN debt AS d
    ON d.bucket = f.bucket AND d.casefile_id = f.casefile_id AND d.debt_no = f.debt_no
 WHERE f.bucket = :bucket AND f.casefile_id = :casefile
 ORDER BY f.fact_no;

-- name: account_promises
SELECT promise_no, currency, minor, made_day, due_day, state FROM promise
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY promise_no;

-- name: account_payments
SELECT reference, received_day, currency, minor, method, state FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY received_day, payment_no;

-- The latest first, so that a limit keeps what matters.
-- name: account_journal
SELECT seq, at, kind, record FROM journal
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY seq DESC
 LIMIT :limit;
