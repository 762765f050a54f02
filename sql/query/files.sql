-- One case file, beside what sql/query/web.sql reads of it: its version, its notes, its papers.

-- name: file_version
SELECT COALESCE(MAX(seq), 0) FROM journal WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: file_changes
SELECT j.seq, j.at, j.kind, j.record
  FROM journal AS j
 WHERE j.bucket = :bucket AND j.casefile_id = :casefile AND j.seq > :seen
   AND j.kind NOT IN ('refusal', 'opened', 'message')
 ORDER BY j.seq;

-- name: note_add
INSERT INTO note (bucket, casefile_id, note_no, text, author, at, ended_at)
    VALUES (:bucket, :casefile, :note, :text, :author, :at, 9223372036854775807);

-- name: note_get
SELECT text, author, ended_at FROM note
 WHERE bucket = :bucket AND casefile_id = :casefile AND note_no = :note;

-- name: note_end
UPDATE note SET ended_at = :at
 WHERE bucket = :bucket AND casefile_id = :casefile AND note_no = :note;

-- Whose it is: what decides who may see it.
-- name: file_owner
SELECT creditor, desk FROM casefile WHERE bucket = :bucket AND casefile_id = :casefile;

-- The next case files in the order of their keys.
-- name: file_after
SELECT bucket, casefile_id FROM casefile
 WHERE (bucket, casefile_id) > (:bucket, :casefile)
 ORDER BY bucket, casefile_id
 LIMIT 200;

-- What the postings say came and went of a debt, up to and including a date, and since: by account,
-- and by whether it was by money. The same rows as debt_movements, added up.
-- name: file_itemized
SELECT e.since, e.account, e.by_money, CAST(SUM(e.minor) AS BIGINT)
  FROM (SELECT CASE WHEN p.value_day <= :by_day THEN 0 ELSE 1 END AS since, p.account AS account,
               CASE WHEN EXISTS (SELECT 1 FROM posting AS q
                                  WHERE q.bucket = p.bucket AND q.casefile_id = p.casefile_id
                                    AND q.entry_no = p.entry_no
                                    AND q.account IN ('cash', 'unapplied'))
                    THEN 1 ELSE 0 END AS by_money,
               CASE WHEN p.minor < 0 THEN 1 ELSE 0 END AS off, p.minor AS minor
          FROM posting AS p
         WHERE p.bucket = :bucket AND p.casefile_id = :casefile AND p.debt_no = :debt
           AND p.account IN ('principal', 'interest', 'fees', 'costs')
           AND p.value_day <= :today) AS e
 GROUP BY e.since, e.account, e.by_money, e.off
 ORDER BY e.since, e.account, e.by_money, e.off;

-- Money that came lately, on the given days and after, and may not have reached the client.
-- name: file_paid_since
SELECT CAST(COALESCE(SUM(minor - refunded_minor), 0) AS BIGINT) FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile AND currency = :currency
   AND received_day >= :since AND state IN ('settled', 'pending');

-- name: file_facts
SELECT fact_no, type, debt_no, at, until_at, scope, value, channel, weekdays, from_second,
       to_second, detail, source
  FROM fact
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY at DESC, fact_no DESC
 LIMIT 200;

-- What waits for a person, in the order of the queue.
-- name: file_tasks
SELECT task_no, kind, origin, reason, currency, minor, made_at, due_at, hidden_until, assigned_no
  FROM task
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'open'
 ORDER BY rank, due_at, task_no
 LIMIT 20;

-- name: file_payments
SELECT payment_no, reference, received_day, currency, minor, refunded_minor, method, state,
       state_day, reason
  FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY received_day DESC, payment_no DESC
 LIMIT :most;

-- How many movements there are, counted to a limit.
-- name: file_movements
SELECT COUNT(*)
  FROM (SELECT movement_no FROM movement
         WHERE bucket = :bucket AND casefile_id = :casefile
         LIMIT :most) AS m;

-- What happened, each table from where the page before ended, the latest first.
-- name: file_contacts
SELECT at, contact_no, channel, direction, outcome, COALESCE(address, ''), note
  FROM contact
 WHERE bucket = :bucket AND casefile_id = :casefile AND (at, contact_no) < (:at, :number)
 ORDER BY at DESC, contact_no DESC
 LIMIT :most;

-- name: file_messages
SELECT m.at, m.outbox_no, m.decision_seq, m.channel, m.state, m.template, m.subject
  FROM (SELECT CASE WHEN o.state IN ('ready', 'sending') THEN o.not_before ELSE o.state_at END
                   AS at, o.outbox_no, o.decision_seq, o.channel, o.state, o.template,
               COALESCE(b.subject, '') AS subject
          FROM outbox AS o
          LEFT JOIN message AS b ON b.bucket = o.bucket AND b.casefile_id = o.casefile_id
           AND b.outbox_no = o.outbox_no
         WHERE o.bucket = :bucket AND o.casefile_id = :casefile) AS m
 WHERE (m.at, m.outbox_no) < (:at, :number)
 ORDER BY m.at DESC, m.outbox_no DESC
 LIMIT :most;

-- name: file_message_bytes
SELECT bytes FROM message
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :number;

-- name: file_notes
SELECT note_no, at, text, author, ended_at
  FROM note
 WHERE bucket = :bucket AND casefile_id = :casefile AND note_no < :number
 ORDER BY note_no DESC
 LIMIT :most;

-- What no other table tells of.
-- name: file_records
SELECT seq, at, kind, record
  FROM journal
 WHERE bucket = :bucket AND casefile_id = :casefile AND seq < :seq
   AND kind NOT IN ('contact', 'message', 'note', 'opened')
   AND ((:filter = 'all' AND kind <> 'decision')
        OR (:filter = 'contact' AND kind = 'talk')
        OR (:filter = 'money' AND kind IN ('payment', 'movement', 'promise', 'promise_settled',
                                           'plan', 'offer', 'debt', 'dispute'))
        OR (:filter = 'decisions' AND kind IN ('decision', 'refusal')))
 ORDER BY seq DESC
 LIMIT :most;

-- Papers: their names and sizes; their bytes one at a time.
-- name: file_paper_messages
SELECT o.decision_seq,
       CASE WHEN o.state IN ('ready', 'sending') THEN o.not_before ELSE o.state_at END, o.channel,
       o.state, o.template, COALESCE(b.subject, ''), COALESCE(length(b.bytes), 0)
  FROM outbox AS o
  LEFT JOIN message AS b ON b.bucket = o.bucket AND b.casefile_id = o.casefile_id
   AND b.outbox_no = o.outbox_no
 WHERE o.bucket = :bucket AND o.casefile_id = :casefile
 ORDER BY o.outbox_no DESC
 LIMIT :most;

-- name: file_paper_statements
SELECT statement_no, at, kind, replaced_no, length(bytes)
  FROM statement
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY statement_no DESC
 LIMIT :most;

-- name: file_paper_evidence
SELECT evidence_no, at, origin, name, COALESCE(author, ''), length(bytes)
  FROM evidence
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY evidence_no DESC
 LIMIT :most;

-- name: file_statement_bytes
SELECT bytes, kind, digest FROM statement
 WHERE bucket = :bucket AND casefile_id = :casefile AND statement_no = :number;

-- name: file_evidence_bytes
SELECT bytes, name, digest FROM evidence
 WHERE bucket = :bucket AND casefile_id = :casefile AND evidence_no = :number;

-- What was decided, and what was refused; messages as they were judged again when they left.
-- name: file_decisions
SELECT seq, at, kind, record
  FROM journal
 WHERE bucket = :bucket AND casefile_id = :casefile AND seq < :before
   AND kind IN ('decision', 'refusal')
 ORDER BY seq DESC
 LIMIT :most;

-- name: file_point
SELECT channel FROM contact_point
 WHERE bucket = :bucket AND casefile_id = :casefile AND point_no = :point;

-- Where the work of a case file stands in the queue.
-- name: file_place
SELECT rank, due_at, task_no FROM task
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'open' AND hidden_until <= :now
 ORDER BY rank, due_at, task_no
 LIMIT 1;

-- The work that comes after a place in the queue, and before it, with whose it is.
-- name: file_work_after
SELECT bucket, casefile_id, creditor, desk FROM task
 WHERE state = 'open' AND hidden_until <= :now
   AND (rank, due_at, bucket, casefile_id, task_no)
       > (:rank, :due_at, :bucket, :casefile, :task)
 ORDER BY rank, due_at, bucket, casefile_id, task_no
 LIMIT 500;

-- name: file_work_before
SELECT bucket, casefile_id, creditor, desk FROM task
 WHERE state = 'open' AND hidden_until <= :now
   AND (rank, due_at, bucket, casefile_id, task_no)
       < (:rank, :due_at, :bucket, :casefile, :task)
 ORDER BY rank DESC, due_at DESC, bucket DESC, casefile_id DESC, task_no DESC
 LIMIT 500;

-- name: file_before
SELECT bucket, casefile_id FROM casefile
 WHERE (bucket, casefile_id) < (:bucket, :casefile)
 ORDER BY bucket DESC, casefile_id DESC
 LIMIT 200;

-- name: file_reference
SELECT reference FROM casefile WHERE bucket = :bucket AND casefile_id = :casefile;
