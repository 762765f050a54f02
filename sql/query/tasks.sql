-- Work that waits for people: what it follows from, how it is kept, and how it is listed.

-- All that tasks of a case file follow from (domain/task_of.h), and where it belongs: a row says
-- what it is, its number, five numbers, an amount and five texts, as flow/task_facts.c reads them.
-- name: task_facts
SELECT 'place', 0, 0, 0, 0, 0, 0, 0, 0, c.creditor, c.desk, CAST(NULL AS TEXT),
       CAST(NULL AS TEXT), CAST(NULL AS TEXT)
  FROM casefile AS c
 WHERE c.bucket = :bucket AND c.casefile_id = :casefile
 UNION ALL
SELECT 'owed', 0, 0, 0, 0, 0, 0, d.currency, i.amount_minor - i.paid_minor + i.charges_minor,
       NULL, NULL, NULL, NULL, NULL
  FROM instalment AS i
  JOIN debt AS d ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id
   AND d.debt_no = i.debt_no
 WHERE i.bucket = :bucket AND i.casefile_id = :casefile
   AND (i.paid_minor < i.amount_minor OR i.charges_minor > 0)
 UNION ALL
SELECT 'contact', contact_no, at, callback_at, direction, 0, 0, 0, 0, channel, outcome, address,
       note, NULL
  FROM contact
 WHERE bucket = :bucket AND casefile_id = :casefile
 UNION ALL
SELECT 'payment', payment_no, received_day, state_day, 0, 0, 0, currency, minor, state, method,
       reason, NULL, NULL
  FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile
 UNION ALL
SELECT 'promise', promise_no, made_day, due_day, state_day, plan_no, item_no, currency, minor,
       state, NULL, NULL, NULL, NULL
  FROM promise
 WHERE bucket = :bucket AND casefile_id = :casefile AND state <> 'withdrawn'
 UNION ALL
SELECT 'plan', plan_no, state_day, 0, 0, 0, 0, currency, total_minor, state, NULL, NULL, NULL,
       NULL
  FROM plan
 WHERE bucket = :bucket AND casefile_id = :casefile
 UNION ALL
SELECT 'offer', offer_no, made_at, expires_day, balance_minor, 0, 0, currency, minor, made_by,
       state, NULL, NULL, NULL
  FROM offer
 WHERE bucket = :bucket AND casefile_id = :casefile AND state IN ('open', 'waiting_approval')
 UNION ALL
SELECT 'dispute', dispute_no, received_day, answer_day, 0, 0, 0, currency, minor, reason, note,
       NULL, NULL, NULL
  FROM dispute
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'open'
 UNION ALL
SELECT 'hold', fact_no, at, until_at, 0, 0, 0, 0, 0, scope, value, detail, NULL, NULL
  FROM fact
 WHERE bucket = :bucket AND casefile_id = :casefile AND type = 'hold'
 UNION ALL
SELECT 'point', point_no, 0, 0, 0, 0, 0, 0, 0, channel, address, state, NULL, NULL
  FROM contact_point
 WHERE bucket = :bucket AND casefile_id = :casefile AND party_no = 1
 UNION ALL
SELECT 'message', outbox_no, decided_at, not_before, expires_at, state_at, 0, 0, 0, channel,
       state, purpose, address, step
  FROM outbox
 WHERE bucket = :bucket AND casefile_id = :casefile
   AND ((channel = 'call' AND state = 'ready') OR state = 'bounced'
        OR purpose IN ('reply', 'requested'));

-- name: tasks_kept
SELECT task_no, kind, origin, reason, state, made_at, due_at, hidden_until, state_at, currency,
       minor, creditor, desk, assigned_no
  FROM task
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY task_no;

-- name: task_open_any
SELECT 1 FROM task
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'open'
 LIMIT 1;

-- name: task_add
INSERT INTO task (bucket, casefile_id, task_no, kind, origin, rank, reason, currency, minor,
                  creditor, desk, made_at, due_at, hidden_until, assigned_no, state, state_at,
                  closed_by)
    VALUES (:bucket, :casefile, :task, :kind, :origin, :rank, :reason, :currency, :minor,
            :creditor, :desk, :now, :due, :hidden, :assigned, 'open', :now, 0);

-- name: task_change
UPDATE task SET kind = :kind, rank = :rank, reason = :reason, currency = :currency,
       minor = :minor, creditor = :creditor, desk = :desk, due_at = :due
 WHERE bucket = :bucket AND casefile_id = :casefile AND task_no = :task;

-- name: task_close
UPDATE task SET state = :state, state_at = :now, closed_by = :closed_by
 WHERE bucket = :bucket AND casefile_id = :casefile AND task_no = :task AND state = 'open';
