-- Buckets in which there is anything, or whose head says that there is; a head row that is missing
-- or is not that of an empty chain counts as something.
-- name: prove_buckets
SELECT bucket FROM casefile
 UNION SELECT bucket FROM party
 UNION SELECT bucket FROM contact_point
 UNION SELECT bucket FROM debt
 UNION SELECT bucket FROM instalment
 UNION SELECT bucket FROM movement
 UNION SELECT bucket FROM posting
 UNION SELECT bucket FROM payment
 UNION SELECT bucket FROM promise
 UNION SELECT bucket FROM step
 UNION SELECT bucket FROM journal
 UNION SELECT bucket FROM outbox
 UNION SELECT bucket FROM message
 UNION SELECT bucket FROM bucket_head WHERE seq <> 0 OR hash <> :nothing;

-- name: prove_head_count
SELECT COUNT(*) FROM bucket_head;

-- Raw rows for recoup prove, a bucket at a time. Nothing here is shared with what writes.

-- name: prove_postings
SELECT casefile_id, entry_no, account, debt_no, instalment_no, value_day, currency, minor
  FROM posting
 WHERE bucket = :bucket
 ORDER BY casefile_id, entry_no, line_no;

-- name: prove_open
SELECT casefile_id, debt_no, instalment_no, amount_minor, paid_minor, charges_minor
  FROM instalment
 WHERE bucket = :bucket
 ORDER BY casefile_id, debt_no, instalment_no;

-- name: prove_instalments
SELECT debt_no, instalment_no, due_day, amount_minor, paid_minor, first_change_day,
       last_change_day, last_paid_day, charges_minor, disputed_minor, grace_days
  FROM instalment
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY debt_no, instalment_no;

-- Case files with books, or with something to make them of.
-- name: prove_books
SELECT c.casefile_id, c.books FROM casefile AS c
 WHERE c.bucket = :bucket
   AND (c.books IS NOT NULL
        OR EXISTS (SELECT 1 FROM movement AS m
                    WHERE m.bucket = c.bucket AND m.casefile_id = c.casefile_id))
 ORDER BY c.casefile_id;

-- name: prove_payments
SELECT p.casefile_id, p.payment_no, p.state, p.minor,
       (SELECT CAST(COALESCE(SUM(m.minor), 0) AS BIGINT)
          FROM movement AS m
         WHERE m.bucket = p.bucket AND m.casefile_id = p.casefile_id AND m.kind = 'payment'
           AND m.origin = 'payment ' || CAST(p.payment_no AS TEXT)
           AND m.currency = p.currency AND m.ended_at = 9223372036854775807),
       p.refunded_minor,
       (SELECT CAST(COALESCE(SUM(m.minor), 0) AS BIGINT)
          FROM movement AS m
         WHERE m.bucket = p.bucket AND m.casefile_id = p.casefile_id AND m.kind = 'refund'
           AND m.origin = 'refund of payment ' || CAST(p.payment_no AS TEXT)
           AND m.currency = p.currency AND m.ended_at = 9223372036854775807)
  FROM payment AS p
 WHERE p.bucket = :bucket
 ORDER BY p.casefile_id, p.payment_no;

-- name: prove_steps
SELECT s.casefile_id, s.debt_no, s.instalment_no, s.decision_seq, j.kind
  FROM step AS s
       LEFT JOIN journal AS j ON j.bucket = s.bucket AND j.casefile_id = s.casefile_id
             AND j.seq = s.decision_seq
 WHERE s.bucket = :bucket
 ORDER BY s.casefile_id, s.debt_no, s.instalment_no, s.ladder, s.step;

-- What the cycle packed of each case file.
-- name: prove_faces
SELECT casefile_id, face FROM casefile WHERE bucket = :bucket AND face IS NOT NULL;

-- name: prove_head
SELECT seq, hash FROM bucket_head WHERE bucket = :bucket;

-- name: prove_last
SELECT at FROM journal WHERE bucket = :bucket ORDER BY seq DESC LIMIT 1;

-- Records are wide, so they come in pages.
-- name: prove_journal
SELECT seq, casefile_id, at, kind, record, hash, question, outcome, channel, rule, actor
  FROM journal
 WHERE bucket = :bucket AND seq > :after
 ORDER BY seq
 LIMIT 256;

-- Records are wide here as well.
-- name: prove_outbox
SELECT o.casefile_id, o.outbox_no, o.state, o.decision_seq, j.kind, j.record
  FROM outbox AS o
       LEFT JOIN journal AS j ON j.bucket = o.bucket AND j.casefile_id = o.casefile_id
             AND j.seq = o.decision_seq
 WHERE o.bucket = :bucket AND (o.casefile_id, o.outbox_no) > (:casefile, :outbox)
 ORDER BY o.casefile_id, o.outbox_no
 LIMIT 256;

-- name: prove_messages
SELECT m.casefile_id, m.outbox_no, o.state, o.attempts
  FROM message AS m
       LEFT JOIN outbox AS o ON o.bucket = m.bucket AND o.casefile_id = m.casefile_id
             AND o.outbox_no = m.outbox_no
 WHERE m.bucket = :bucket
 ORDER BY m.casefile_id, m.outbox_no;

-- name: prove_casefiles
SELECT c.casefile_id, c.reference, p.party_no
  FROM casefile AS c
       LEFT JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id
             AND p.party_no = 1
 WHERE c.bucket = :bucket
 ORDER BY c.casefile_id;

-- name: prove_currencies
SELECT 'debt', currency, COUNT(*) FROM debt WHERE bucket = :bucket GROUP BY currency
 UNION ALL
SELECT 'posting', currency, COUNT(*) FROM posting WHERE bucket = :bucket GROUP BY currency
 UNION ALL
SELECT 'payment', currency, COUNT(*) FROM payment WHERE bucket = :bucket GROUP BY currency
 UNION ALL
SELECT 'promise', currency, COUNT(*) FROM promise WHERE bucket = :bucket GROUP BY currency
 UNION ALL
SELECT 'outbox', currency, COUNT(*) FROM outbox WHERE bucket = :bucket GROUP BY currency
 ORDER BY 1, 2;

-- What was judged, with what the verdicts answer. Wide rows, in pages.
-- name: verdicts_stored
SELECT j.seq, c.reference, j.kind, j.record, j.question
  FROM journal AS j
       JOIN casefile AS c ON c.bucket = j.bucket AND c.casefile_id = j.casefile_id
 WHERE j.bucket = :bucket AND j.seq > :after AND j.question IS NOT NULL
 ORDER BY j.seq
 LIMIT 256;
