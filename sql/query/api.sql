-- Programs that speak to us.

-- name: api_reply_find
SELECT staff_no, digest, status, body FROM api_reply
 WHERE bucket = :bucket AND casefile_id = :casefile AND once = :once AND at > :since;

-- name: api_reply_drop
DELETE FROM api_reply WHERE bucket = :bucket AND casefile_id = :casefile AND at <= :since;

-- name: api_reply_put
INSERT INTO api_reply (bucket, casefile_id, once, staff_no, digest, status, body, at)
    VALUES (:bucket, :casefile, :once, :staff, :digest, :status, :body, :now);

-- All accounts, in the order of their keys.
-- name: api_accounts
SELECT c.bucket, c.casefile_id, c.reference, p.name, p.places, c.business, c.creditor, c.standing,
       c.standing_reason, c.segment, c.desk
  FROM casefile AS c
  JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
 WHERE (c.bucket, c.casefile_id) > (:bucket, :casefile)
 ORDER BY c.bucket, c.casefile_id LIMIT :most;

-- Notes of one account, newest first.
-- name: api_notes
SELECT note_no, text, author, at, ended_at FROM note
 WHERE bucket = :bucket AND casefile_id = :casefile AND note_no < :before
 ORDER BY note_no DESC LIMIT :most;

-- What was agreed, over all accounts: by account and number, so that a walk from page to page meets
-- each once, whatever is added meanwhile.
-- name: api_promises
SELECT m.bucket, m.casefile_id, m.promise_no, c.reference, p.name, c.creditor, c.desk, m.state,
       m.currency, m.minor, m.made_day, m.due_day, NULL, NULL
  FROM promise AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
 WHERE (m.bucket, m.casefile_id, m.promise_no) > (:bucket, :casefile, :number)
 ORDER BY m.bucket, m.casefile_id, m.promise_no LIMIT :most;

-- name: api_plans
SELECT m.bucket, m.casefile_id, m.plan_no, c.reference, p.name, c.creditor, c.desk, m.state,
       m.currency, m.total_minor, m.made_day, m.state_day, m.schedule, NULL
  FROM plan AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
 WHERE (m.bucket, m.casefile_id, m.plan_no) > (:bucket, :casefile, :number)
 ORDER BY m.bucket, m.casefile_id, m.plan_no LIMIT :most;

-- name: api_offers
SELECT m.bucket, m.casefile_id, m.offer_no, c.reference, p.name, c.creditor, c.desk, m.state,
       m.currency, m.minor, m.first_day, m.expires_day, m.made_by, NULL
  FROM offer AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
 WHERE (m.bucket, m.casefile_id, m.offer_no) > (:bucket, :casefile, :number)
 ORDER BY m.bucket, m.casefile_id, m.offer_no LIMIT :most;

-- name: api_disputes
SELECT m.bucket, m.casefile_id, m.dispute_no, c.reference, p.name, c.creditor, c.desk, m.state,
       m.currency, m.minor, m.received_day, m.answer_day, m.reason, d.reference
  FROM dispute AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
  LEFT JOIN debt AS d
    ON d.bucket = m.bucket AND d.casefile_id = m.casefile_id AND d.debt_no = m.debt_no
 WHERE (m.bucket, m.casefile_id, m.dispute_no) > (:bucket, :casefile, :number)
 ORDER BY m.bucket, m.casefile_id, m.dispute_no LIMIT :most;

-- name: api_payments
SELECT m.bucket, m.casefile_id, m.payment_no, c.reference, p.name, c.creditor, c.desk, m.state,
       m.currency, m.minor, m.received_day, m.state_day, m.method, m.reference
  FROM payment AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
 WHERE (m.bucket, m.casefile_id, m.payment_no) > (:bucket, :casefile, :number)
 ORDER BY m.bucket, m.casefile_id, m.payment_no LIMIT :most;
