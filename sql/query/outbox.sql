-- The outbox: what is ready, and how it ends.

-- name: outbox_ready_buckets
SELECT DISTINCT bucket FROM outbox
 WHERE state IN ('ready', 'sending') AND not_before <= :now AND channel IN ('email', 'letter')
 ORDER BY bucket;

-- name: outbox_ready
SELECT casefile_id, outbox_no FROM outbox
 WHERE bucket = :bucket AND state IN ('ready', 'sending') AND not_before <= :now
   AND channel IN ('email', 'letter')
 ORDER BY not_before, casefile_id, outbox_no;

-- name: outbox_get
SELECT o.decision_seq, o.channel, o.party_no, o.address, o.template, o.step, o.debts,
       o.not_before, o.expires_at, o.state, o.attempts, o.lease_until, j.record, o.purpose,
       o.state_at, o.open_minor, o.subject, o.words
  FROM outbox AS o
  JOIN journal AS j ON j.bucket = o.bucket AND j.seq = o.decision_seq
 WHERE o.bucket = :bucket AND o.casefile_id = :casefile AND o.outbox_no = :outbox;

-- The same, said once more later: of that step, and in those words where somebody wrote them.
-- name: outbox_later
SELECT outbox_no FROM outbox
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no > :outbox
   AND template = :template AND step = :step AND COALESCE(words, '') = :words
 ORDER BY outbox_no LIMIT 1;

-- What a message tells, and what became of it.
-- name: outbox_told
SELECT step, open_minor, state, state_at FROM outbox
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :outbox;

-- name: outbox_lease
UPDATE outbox SET state = 'sending', state_at = :now, state_reason = NULL,
       attempts = attempts + 1, lease_until = :until, lease = :lease
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :outbox;

-- A worker settles only what it still holds.
-- name: outbox_settle
UPDATE outbox SET state = :state, state_at = :now, state_reason = :reason,
       not_before = :not_before
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :outbox
   AND state = 'sending' AND lease = :lease
RETURNING outbox_no;

-- name: outbox_close
UPDATE outbox SET state = :state, state_at = :now, state_reason = :reason,
       not_before = :not_before
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :outbox
   AND state IN ('ready', 'sending', 'unsure');

-- A message that is still here, and that a person stops.
-- name: outbox_withdraw
UPDATE outbox SET state = 'expired', state_at = :now, state_reason = :reason
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :outbox AND state = 'ready'
RETURNING channel;

-- name: outbox_overdue
SELECT bucket, casefile_id, outbox_no FROM outbox
 WHERE state = 'ready' AND expires_at <= :now
 ORDER BY bucket, casefile_id, outbox_no LIMIT 1000;

-- A provider that was busy took nothing: what is sent next time is what is kept.
-- name: message_add
INSERT INTO message (bucket, casefile_id, outbox_no, message_key, subject, bytes)
    VALUES (:bucket, :casefile, :outbox, :key, :subject, :bytes)
    ON CONFLICT (bucket, casefile_id, outbox_no) DO UPDATE
       SET subject = excluded.subject, bytes = excluded.bytes;

-- name: message_get
SELECT message_key, subject, bytes FROM message
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :outbox;

-- name: outbox_all
SELECT o.bucket, o.casefile_id, o.outbox_no, c.reference, o.channel, o.address, o.template,
       o.step, o.debts, o.currency, o.open_minor, o.decided_at, o.not_before, o.expires_at,
       o.state, o.state_at, o.state_reason, o.attempts, o.decision_seq, j.record
  FROM outbox AS o
  JOIN casefile AS c ON c.bucket = o.bucket AND c.casefile_id = o.casefile_id
  JOIN journal AS j ON j.bucket = o.bucket AND j.casefile_id = o.casefile_id
                  AND j.seq = o.decision_seq
 ORDER BY o.decided_at, o.bucket, o.casefile_id, o.outbox_no;

-- name: debt_references
SELECT debt_no, reference, description FROM debt
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt;

-- What was charged and taken off a debt, with the days; paid: the entry has a line of money.
-- name: debt_movements
SELECT p.value_day, p.account, p.minor,
       CASE WHEN EXISTS (SELECT 1 FROM posting AS q
                          WHERE q.bucket = p.bucket AND q.casefile_id = p.casefile_id
                            AND q.entry_no = p.entry_no AND q.account IN ('cash', 'unapplied'))
            THEN 1 ELSE 0 END
  FROM posting AS p
 WHERE p.bucket = :bucket AND p.casefile_id = :casefile AND p.debt_no = :debt
   AND p.account IN ('principal', 'interest', 'fees', 'costs') AND p.value_day <= :today
 ORDER BY p.entry_no, p.line_no;

-- name: journal_get
SELECT c.reference, j.at, j.kind, j.record, j.question
  FROM journal AS j
  JOIN casefile AS c ON c.bucket = j.bucket AND c.casefile_id = j.casefile_id
 WHERE j.bucket = :bucket AND j.seq = :seq;
