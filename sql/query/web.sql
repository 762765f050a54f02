-- What pages read. Lists are bounded; sums over the book are made by the database.

-- What every page knows of the book.
-- name: view_book
SELECT (SELECT value FROM meta WHERE key = 'org'), (SELECT value FROM meta WHERE key = 'name'),
       (SELECT value FROM meta WHERE key = 'demo'),
       (SELECT CAST(COALESCE(MAX(publication_no), 0) AS BIGINT) FROM publication);

-- name: web_message
SELECT o.bucket, o.casefile_id, o.outbox_no, o.decision_seq, o.channel, o.address, o.template,
       o.currency, o.open_minor, o.decided_at, o.not_before, o.state, o.state_at,
       o.state_reason, o.step, c.reference, p.name, COALESCE(m.subject, ''), o.expires_at,
       o.attempts, m.message_key, m.bytes
  FROM outbox AS o
  JOIN casefile AS c ON c.bucket = o.bucket AND c.casefile_id = o.casefile_id
  JOIN party AS p ON p.bucket = o.bucket AND p.casefile_id = o.casefile_id
   AND p.party_no = o.party_no
  LEFT JOIN message AS m ON m.bucket = o.bucket AND m.casefile_id = o.casefile_id
   AND m.outbox_no = o.outbox_no
 WHERE o.bucket = :bucket AND o.decision_seq = :decision;

-- name: web_account_money
SELECT d.currency, CAST(SUM(i.amount_minor - i.paid_minor + i.charges_minor) AS BIGINT),
       CAST(SUM(CASE WHEN i.due_day < :today
                     THEN i.amount_minor - i.paid_minor + i.charges_minor ELSE 0 END)
            AS BIGINT), MIN(i.due_day)
  FROM instalment AS i
  JOIN debt AS d ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id
   AND d.debt_no = i.debt_no
 WHERE i.bucket = :bucket AND i.casefile_id = :casefile
   AND (i.paid_minor < i.amount_minor OR i.charges_minor > 0)
 GROUP BY d.currency
 ORDER BY 2 DESC;

-- What is open, the oldest first; then what is settled, the latest first.
-- name: web_debts
SELECT d.debt_no, d.reference, d.kind, COALESCE(d.description, ''), d.currency, d.invoice_day,
       COALESCE(d.terms, ''), i.instalment_no, i.due_day, i.amount_minor, i.paid_minor,
       i.last_change_day,
       (SELECT s.step FROM step AS s
         WHERE s.bucket = i.bucket AND s.casefile_id = i.casefile_id AND s.debt_no = i.debt_no
           AND s.instalment_no = i.instalment_no
         ORDER BY s.day DESC, s.decision_seq DESC LIMIT 1)
  FROM debt AS d
  JOIN instalment AS i ON i.bucket = d.bucket AND i.casefile_id = d.casefile_id
   AND i.debt_no = d.debt_no
 WHERE d.bucket = :bucket AND d.casefile_id = :casefile
 ORDER BY CASE WHEN i.paid_minor < i.amount_minor THEN 0 ELSE 1 END,
       CASE WHEN i.paid_minor < i.amount_minor THEN i.due_day ELSE -i.due_day END,
       d.debt_no, i.instalment_no
 LIMIT 500;

-- name: web_components
SELECT currency, account, CAST(SUM(minor) AS BIGINT)
  FROM posting
 WHERE bucket = :bucket AND casefile_id = :casefile AND value_day <= :today
 GROUP BY currency, account
 ORDER BY currency, account;

-- name: web_promises
SELECT promise_no, currency, minor, made_day, due_day, state, state_day
  FROM promise
 WHERE bucket = :bucket AND casefile_id = :casefile AND plan_no = 0
 ORDER BY due_day DESC, promise_no DESC
 LIMIT 50;

-- Plans and offers of a case file, the latest first.
-- name: web_plans
SELECT plan_no FROM plan
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY plan_no DESC
 LIMIT 6;

-- name: web_offers
SELECT offer_no FROM offer
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY offer_no DESC
 LIMIT 12;
-- name: web_record_message
SELECT channel, state FROM outbox WHERE bucket = :bucket AND decision_seq = :seq;
