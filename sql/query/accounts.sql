-- Accounts, to be looked at: lists and pages, never decisions.

-- One row for each currency in which something is open on :today; '' takes every standing.
-- Of the principal all but what was paid is open once the last change counts, all of it before the
-- first does, and only in between the sum of postings. Charges are those posted by now.
-- name: account_list
SELECT c.reference, p.name, c.creditor, c.standing, c.standing_reason, c.segment, o.currency,
       CAST(COALESCE(SUM(o.open_minor), 0) AS BIGINT),
       CAST(COALESCE(MIN(o.due_day), 99999999) AS BIGINT)
  FROM casefile AS c
  JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
  LEFT JOIN (
       SELECT i.bucket, i.casefile_id, d.currency, i.due_day, i.charges_minor +
              CASE WHEN i.last_change_day <= :today THEN i.amount_minor - i.paid_minor
                   WHEN i.first_change_day > :today THEN i.amount_minor
                   ELSE (SELECT CAST(COALESCE(SUM(g.minor), 0) AS BIGINT) FROM posting AS g
                          WHERE g.bucket = i.bucket AND g.casefile_id = i.casefile_id
                            AND g.account = 'principal' AND g.debt_no = i.debt_no
                            AND g.instalment_no = i.instalment_no AND g.value_day <= :today)
                   END AS open_minor
         FROM instalment AS i
         JOIN debt AS d ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id
                       AND d.debt_no = i.debt_no
        WHERE d.invoice_day <= :today
          AND (i.paid_minor < i.amount_minor OR i.charges_minor > 0
               OR i.last_change_day > :today)
       ) AS o ON o.bucket = c.bucket AND o.casefile_id = c.casefile_id AND o.open_minor > 0
 WHERE (:standing = '' OR c.standing = :standing)
 GROUP BY c.bucket, c.casefile_id, c.reference, p.name, c.creditor, c.standing,
          c.standing_reason, c.segment, o.currency
 ORDER BY c.reference, o.currency
 LIMIT :limit;

-- name: account_face
SELECT c.reference, p.name, c.creditor, c.role, c.business, c.standing, c.standing_reason,
       c.standing_rule, c.standing_until, c.segment, p.language, p.zones, p.clues
  FROM casefile AS c
  JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
 WHERE c.bucket = :bucket AND c.casefile_id = :casefile;

-- name: account_points
SELECT channel, address, state, source FROM contact_point
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY point_no;

-- In the order of the key, as those below: the few rows of a case file are sorted by day when they
-- are there, since the database makes a table of its own for that.
-- name: account_items
SELECT d.reference, d.kind, d.currency, i.instalment_no, i.due_day, i.amount_minor,
       i.charges_minor +
       CASE WHEN i.last_change_day <= :today THEN i.amount_minor - i.paid_minor
            WHEN i.first_change_day > :today THEN i.amount_minor
            ELSE (SELECT CAST(COALESCE(SUM(g.minor), 0) AS BIGINT) FROM posting AS g
                   WHERE g.bucket = i.bucket AND g.casefile_id = i.casefile_id
                     AND g.account = 'principal' AND g.debt_no = i.debt_no
                     AND g.instalment_no = i.instalment_no AND g.value_day <= :today) END,
       i.debt_no, i.disputed_minor
  FROM instalment AS i JOIN debt AS d
    ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id AND d.debt_no = i.debt_no
 WHERE i.bucket = :bucket AND i.casefile_id = :casefile AND d.invoice_day <= :today
 ORDER BY i.debt_no, i.instalment_no;

-- name: account_steps
SELECT debt_no, instalment_no, step, day, decision_seq FROM step
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY debt_no, instalment_no, ladder, step;

-- name: account_facts
SELECT f.fact_no, f.type, f.debt_no, f.at, f.until_at, f.scope, f.value, f.channel, d.reference
  FROM fact AS f LEFT JOIN debt AS d
    ON d.bucket = f.bucket AND d.casefile_id = f.casefile_id AND d.debt_no = f.debt_no
 WHERE f.bucket = :bucket AND f.casefile_id = :casefile
 ORDER BY f.fact_no;

-- name: account_fact_list
SELECT f.fact_no, f.type, d.reference, f.at, f.until_at, f.scope, f.value, f.channel,
       f.weekdays, f.from_second, f.to_second, f.detail, f.source
  FROM fact AS f LEFT JOIN debt AS d
    ON d.bucket = f.bucket AND d.casefile_id = f.casefile_id AND d.debt_no = f.debt_no
 WHERE f.bucket = :bucket AND f.casefile_id = :casefile
 ORDER BY f.at DESC, f.fact_no DESC;

-- Case files in which a collector's first communication is on record: a notice may be owed.
-- name: duty_candidates
SELECT DISTINCT k.bucket, k.casefile_id FROM (
    SELECT bucket, casefile_id FROM contact WHERE purpose = 'initial'
    UNION ALL
    SELECT bucket, casefile_id FROM outbox WHERE purpose = 'initial'
       AND state NOT IN ('refused', 'expired', 'failed')) AS k
 WHERE NOT EXISTS (SELECT 1 FROM fact AS f
                    WHERE f.bucket = k.bucket AND f.casefile_id = k.casefile_id
                      AND f.type = 'validation')
 ORDER BY k.bucket, k.casefile_id;

-- name: account_promises
SELECT promise_no, currency, minor, made_day, due_day, state FROM promise
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY promise_no;

-- Over all accounts; '' takes every state.
-- name: promise_list
SELECT c.reference, p.name, m.promise_no, m.currency, m.minor, m.made_day, m.due_day, m.state
  FROM promise AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
 WHERE (:state = '' OR m.state = :state) AND m.due_day >= :from_day AND m.due_day <= :to_day
 ORDER BY m.due_day, c.reference, m.promise_no
 LIMIT :limit;

-- Over all accounts, or one; '' takes every state, and every account. done: what of it is settled.
-- name: plan_list
SELECT c.reference, p.name, m.plan_no, m.state, m.state_day, m.currency, m.total_minor, m.schedule,
       m.made_day, m.autopay, m.version,
       (SELECT CAST(COALESCE(SUM(i.minor), 0) AS BIGINT) FROM promise AS i
         WHERE i.bucket = m.bucket AND i.casefile_id = m.casefile_id AND i.plan_no = m.plan_no
           AND i.item_no > 0 AND i.state = 'open'),
       (SELECT CAST(COALESCE(MIN(CASE WHEN i.state = 'open' THEN i.due_day END), 99999999) AS BIGINT)
          FROM promise AS i
         WHERE i.bucket = m.bucket AND i.casefile_id = m.casefile_id AND i.plan_no = m.plan_no
           AND i.item_no > 0)
  FROM plan AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
 WHERE (:state = '' OR m.state = :state) AND (:reference = '' OR c.reference = :reference)
 ORDER BY m.made_day DESC, c.reference, m.plan_no DESC
 LIMIT :limit;

-- name: offer_list
SELECT c.reference, p.name, m.offer_no, m.made_by, m.state, m.currency, m.balance_minor, m.minor,
       m.instalments, m.first_day, m.expires_day, m.residual, m.void_on_default, m.plan_no,
       m.author, m.approver
  FROM offer AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
 WHERE (:state = '' OR m.state = :state) AND (:reference = '' OR c.reference = :reference)
 ORDER BY m.expires_day, c.reference, m.offer_no
 LIMIT :limit;

-- The plan of a case file that stands; of several the latest.
-- name: plan_standing
SELECT plan_no FROM plan
 WHERE bucket = :bucket AND casefile_id = :casefile AND state IN ('active', 'paused')
 ORDER BY plan_no DESC
 LIMIT 1;

-- The offer of a case file on which somebody may still say something; of several the latest.
-- name: offer_standing
SELECT offer_no FROM offer
 WHERE bucket = :bucket AND casefile_id = :casefile AND state IN ('open', 'waiting_approval')
 ORDER BY offer_no DESC
 LIMIT 1;

-- Holds in force at :now, the first to end first; '' takes every kind.
-- name: hold_list
SELECT c.reference, p.name, d.reference, f.scope, f.value, f.at, f.until_at, f.detail
  FROM fact AS f
  JOIN casefile AS c ON c.bucket = f.bucket AND c.casefile_id = f.casefile_id
  JOIN party AS p ON p.bucket = f.bucket AND p.casefile_id = f.casefile_id AND p.party_no = 1
  LEFT JOIN debt AS d
    ON d.bucket = f.bucket AND d.casefile_id = f.casefile_id AND d.debt_no = f.debt_no
 WHERE f.type = 'hold' AND f.at <= :now AND f.until_at > :now AND f.until_at <= :ends_by
   AND (:kind = '' OR f.scope = :kind)
 ORDER BY f.until_at, f.at, c.reference, f.fact_no
 LIMIT :limit;

-- name: account_payments
SELECT reference, received_day, currency, minor, method, state FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY payment_no;

-- name: payment_list
SELECT payment_no, reference, received_day, currency, minor, method, state, state_day,
       refunded_minor, reason
  FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY received_day, payment_no;

-- name: payment_moves
SELECT movement_no, origin FROM movement
 WHERE bucket = :bucket AND casefile_id = :casefile AND kind = 'payment'
   AND ended_at = 9223372036854775807
 ORDER BY movement_no;

-- What was charged or taken off without a payment.
-- name: account_charges
SELECT m.movement_no, m.value_day, m.kind, d.reference, m.component, m.currency, m.minor,
       m.ground, m.reason, m.origin, m.author, m.ended_at
  FROM movement AS m LEFT JOIN debt AS d
    ON d.bucket = m.bucket AND d.casefile_id = m.casefile_id AND d.debt_no = m.debt_no
 WHERE m.bucket = :bucket AND m.casefile_id = :casefile
   AND m.kind IN ('charge', 'credit', 'waive', 'settle', 'apply', 'refund', 'write_off',
                  'charge_off')
 ORDER BY m.value_day, m.movement_no;

-- The latest first, so that a limit keeps what matters.
-- name: account_journal
SELECT seq, at, kind, record FROM journal
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY seq DESC
 LIMIT :limit;
