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
SELECT 'complaint', complaint_no, received_day, answer_day, fact_no, 0, 0, 0, 0, state, words, NULL,
       NULL, NULL
  FROM complaint
 WHERE bucket = :bucket AND casefile_id = :casefile
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
       minor, creditor, desk, assigned_no, since_at, closed_by
  FROM task
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY task_no;

-- name: task_get
SELECT task_no, kind, origin, reason, state, made_at, due_at, hidden_until, state_at, currency,
       minor, creditor, desk, assigned_no, since_at, closed_by
  FROM task
 WHERE bucket = :bucket AND casefile_id = :casefile AND task_no = :task;

-- name: task_put_off
UPDATE task SET hidden_until = :until
 WHERE bucket = :bucket AND casefile_id = :casefile AND task_no = :task;

-- name: task_give
UPDATE task SET assigned_no = :assigned
 WHERE bucket = :bucket AND casefile_id = :casefile AND task_no = :task;

-- Unless what it came from has an open one again.
-- name: task_reopen
UPDATE task SET state = 'open', state_at = :now, closed_by = 0
 WHERE bucket = :bucket AND casefile_id = :casefile AND task_no = :task
   AND state IN ('done', 'dropped')
   AND NOT EXISTS (SELECT 1 FROM task AS o
                    WHERE o.bucket = :bucket AND o.casefile_id = :casefile
                      AND o.origin = task.origin AND o.state = 'open')
RETURNING task_no;

-- name: task_open_any
SELECT 1 FROM task
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'open'
 LIMIT 1;

-- name: task_add
INSERT INTO task (bucket, casefile_id, task_no, kind, origin, rank, reason, currency, minor,
                  creditor, desk, made_at, since_at, due_at, hidden_until, assigned_no, state,
                  state_at, closed_by)
    VALUES (:bucket, :casefile, :task, :kind, :origin, :rank, :reason, :currency, :minor,
            :creditor, :desk, :now, :since, :due, :hidden, :assigned, 'open', :now, 0);

-- name: task_change
UPDATE task SET kind = :kind, rank = :rank, reason = :reason, currency = :currency,
       minor = :minor, creditor = :creditor, desk = :desk, since_at = :since, due_at = :due
 WHERE bucket = :bucket AND casefile_id = :casefile AND task_no = :task;

-- name: task_close
UPDATE task SET state = :state, state_at = :now, closed_by = :closed_by
 WHERE bucket = :bucket AND casefile_id = :casefile AND task_no = :task AND state = 'open';

-- ---- Lists: places in the indexes; what is shown of them is looked up after ---------------------

-- Within a rank, by due moment. Nothing due after :horizon is shown yet.
-- name: task_places
SELECT bucket, casefile_id, task_no, due_at, kind, creditor, desk FROM task
 WHERE state = 'open' AND rank = :rank AND due_at <= :horizon
   AND (due_at, bucket, casefile_id, task_no) > (:due, :bucket, :casefile, :task)
   AND hidden_until <= :now AND (:unassigned = 0 OR assigned_no = 0)
   AND (:client = '' OR creditor = :client) AND (:desk = '' OR desk = :desk)
 ORDER BY due_at, bucket, casefile_id, task_no
 LIMIT :most;

-- Of one kind, by due moment: a rank may hold thousands of another.
-- name: task_places_kind
SELECT bucket, casefile_id, task_no, due_at, kind, creditor, desk FROM task
 WHERE state = 'open' AND kind = :kind AND due_at <= :horizon
   AND (due_at, bucket, casefile_id, task_no) > (:due, :bucket, :casefile, :task)
   AND hidden_until <= :now AND (:unassigned = 0 OR assigned_no = 0)
   AND (:client = '' OR creditor = :client) AND (:desk = '' OR desk = :desk)
 ORDER BY due_at, bucket, casefile_id, task_no
 LIMIT :most;

-- How many, up to :most.
-- name: task_count_kind
SELECT COUNT(*)
  FROM (SELECT due_at FROM task
         WHERE state = 'open' AND kind = :kind AND due_at <= :horizon AND hidden_until <= :now
           AND (:unassigned = 0 OR assigned_no = 0) AND (:client = '' OR creditor = :client)
           AND (:desk = '' OR desk = :desk)
         LIMIT :most) AS counted;

-- The same places of one person.
-- name: task_places_had
SELECT bucket, casefile_id, task_no, due_at, kind, creditor, desk FROM task
 WHERE state = 'open' AND assigned_no <> 0 AND assigned_no = :assigned AND rank = :rank
   AND due_at <= :horizon
   AND (due_at, bucket, casefile_id, task_no) > (:due, :bucket, :casefile, :task)
   AND hidden_until <= :now AND (:kind = '' OR kind = :kind)
   AND (:client = '' OR creditor = :client) AND (:desk = '' OR desk = :desk)
 ORDER BY due_at, bucket, casefile_id, task_no
 LIMIT :most;

-- Since when it is work, the longest first.
-- name: task_places_since
SELECT bucket, casefile_id, task_no, since_at, kind, creditor, desk FROM task
 WHERE state = 'open' AND since_at <= :now
   AND (since_at, bucket, casefile_id, task_no) > (:since, :bucket, :casefile, :task)
   AND hidden_until <= :now AND (:unassigned = 0 OR assigned_no = 0)
   AND (:assigned = 0 OR assigned_no = :assigned)
   AND (:client = '' OR creditor = :client) AND (:desk = '' OR desk = :desk)
 ORDER BY since_at, bucket, casefile_id, task_no
 LIMIT :most;

-- What is open of the account, the most first.
-- name: task_places_amount
SELECT bucket, casefile_id, task_no, minor, kind, creditor, desk FROM task
 WHERE state = 'open'
   AND (minor, bucket, casefile_id, task_no) < (:minor, :bucket, :casefile, :task)
   AND hidden_until <= :now AND (:unassigned = 0 OR assigned_no = 0)
   AND (:assigned = 0 OR assigned_no = :assigned)
   AND (:client = '' OR creditor = :client) AND (:desk = '' OR desk = :desk)
 ORDER BY minor DESC, bucket DESC, casefile_id DESC, task_no DESC
 LIMIT :most;

-- The next client and desk that have work, one after the other. In two halves: of the pair compared
-- as one, SQLite would step over every task of the place before.
-- name: task_next_place
SELECT creditor, desk
  FROM (SELECT creditor, desk FROM (SELECT creditor, desk FROM task
                                     WHERE state = 'open' AND creditor = :client AND desk > :desk
                                     ORDER BY desk
                                     LIMIT 1) AS same
        UNION ALL
        SELECT creditor, desk FROM (SELECT creditor, desk FROM task
                                     WHERE state = 'open' AND creditor > :client
                                     ORDER BY creditor, desk
                                     LIMIT 1) AS other) AS next
 ORDER BY creditor, desk
 LIMIT 1;

-- The next that comes up by itself.
-- name: task_next_since
SELECT bucket, casefile_id, task_no FROM task
 WHERE state = 'open' AND since_at > :now
 ORDER BY since_at, bucket, casefile_id, task_no
 LIMIT 1;

-- Calls that wait for their window, the first to open first; of a person they follow each other.
-- name: task_windows
SELECT t.since_at, t.casefile_id, c.creditor, c.desk, c.places
  FROM task AS t
  JOIN casefile AS c ON c.bucket = t.bucket AND c.casefile_id = t.casefile_id
 WHERE t.state = 'open' AND t.kind = 'call' AND t.since_at > :now AND t.hidden_until <= t.since_at
   AND (:unassigned = 0 OR t.assigned_no = 0) AND (:assigned = 0 OR t.assigned_no = :assigned)
   AND (:client = '' OR t.creditor = :client) AND (:desk = '' OR t.desk = :desk)
 ORDER BY t.since_at, t.bucket, t.casefile_id
 LIMIT :most;

-- What one person closed since a moment, and how much of it in time.
-- name: task_closed_count
SELECT kind, state, COUNT(*), CAST(COALESCE(SUM(CASE WHEN state_at <= due_at THEN 1 ELSE 0 END), 0)
                                   AS BIGINT)
  FROM task
 WHERE closed_by <> 0 AND closed_by = :user AND state_at >= :from_at AND state_at <= :to_at
 GROUP BY kind, state;

-- One task and whose it is.
-- name: task_shown
SELECT t.task_no, t.kind, t.origin, t.reason, t.state, t.made_at, t.due_at, t.hidden_until,
       t.state_at, t.currency, t.minor, c.creditor, c.desk, t.assigned_no, t.since_at,
       t.closed_by, c.reference, p.name, p.zones, c.business
  FROM task AS t
  JOIN casefile AS c ON c.bucket = t.bucket AND c.casefile_id = t.casefile_id
  JOIN party AS p ON p.bucket = t.bucket AND p.casefile_id = t.casefile_id AND p.party_no = 1
 WHERE t.bucket = :bucket AND t.casefile_id = :casefile AND t.task_no = :task;

-- name: task_numbers
SELECT task_no FROM task
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'open'
 ORDER BY rank, due_at, task_no;

-- ---- My day, and the team -----------------------------------------------------------------------

-- Promises that somebody took down, and what became of them since a day.
-- name: me_promises
SELECT state, currency, COUNT(*), CAST(SUM(minor) AS BIGINT)
  FROM promise
 WHERE author = :author AND state_day >= :from_day AND state_day <= :to_day
   AND state IN ('kept', 'partly_kept', 'broken')
 GROUP BY state, currency;

-- Contacts that somebody wrote down.
-- name: me_contacts
SELECT channel, direction, outcome, COUNT(*)
  FROM contact
 WHERE author = :author AND at >= :from_at AND at <= :to_at
 GROUP BY channel, direction, outcome;

-- What people have, by kind.
-- name: team_load
SELECT assigned_no, kind, creditor, desk, COUNT(*),
       CAST(SUM(CASE WHEN due_at < :now THEN 1 ELSE 0 END) AS BIGINT)
  FROM task
 WHERE state = 'open' AND assigned_no <> 0 AND hidden_until <= :now
 GROUP BY assigned_no, kind, creditor, desk;
