-- The decision log. The first four find rows the same way: by time, the newest first, from a place
-- on; each by an index of its own, in which all is that is sifted by.

-- name: log_by_outcome
SELECT at, bucket, seq, kind, casefile_id, outcome, channel, rule, actor
  FROM journal
 WHERE outcome = :key AND at >= :from_at AND (at, bucket, seq) < (:at, :bucket, :seq)
 ORDER BY at DESC, bucket DESC, seq DESC
 LIMIT :most;

-- name: log_by_rule
SELECT at, bucket, seq, kind, casefile_id, outcome, channel, rule, actor
  FROM journal
 WHERE rule = :key AND at >= :from_at AND (at, bucket, seq) < (:at, :bucket, :seq)
 ORDER BY at DESC, bucket DESC, seq DESC
 LIMIT :most;

-- name: log_by_actor
SELECT at, bucket, seq, kind, casefile_id, outcome, channel, rule, actor
  FROM journal
 WHERE actor = :key AND at >= :from_at AND (at, bucket, seq) < (:at, :bucket, :seq)
 ORDER BY at DESC, bucket DESC, seq DESC
 LIMIT :most;

-- name: log_by_casefile
SELECT at, bucket, seq, kind, casefile_id, outcome, channel, rule, actor
  FROM journal
 WHERE casefile_id = :key AND at >= :from_at AND (at, bucket, seq) < (:at, :before_bucket, :seq)
   AND bucket = :bucket
 ORDER BY at DESC, seq DESC
 LIMIT :most;

-- name: log_casefile
SELECT c.reference, c.creditor, c.desk, p.name
  FROM casefile AS c
  JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
 WHERE c.bucket = :bucket AND c.casefile_id = :casefile;

-- name: log_record
SELECT record FROM journal WHERE bucket = :bucket AND seq = :seq;

-- What was allowed has no reason: it is many, and only counted.
-- name: log_count_allowed
SELECT NULL, COUNT(*)
  FROM (SELECT 1 FROM journal
         WHERE outcome = :outcome AND at >= :from_at AND at < :to_at
         LIMIT :most) AS counted;

-- name: log_count
SELECT rule, COUNT(*)
  FROM (SELECT rule FROM journal
         WHERE outcome = :outcome AND at >= :from_at AND at < :to_at
         LIMIT :most) AS counted
 GROUP BY rule;

-- The same for readers who see some clients only.
-- name: log_count_seen
SELECT k.rule, c.creditor, c.desk, COUNT(*)
  FROM (SELECT rule, bucket, casefile_id FROM journal
         WHERE outcome = :outcome AND at >= :from_at AND at < :to_at
         LIMIT :most) AS k
  JOIN casefile AS c ON c.bucket = k.bucket AND c.casefile_id = k.casefile_id
 GROUP BY k.rule, c.creditor, c.desk;

-- name: log_actors
SELECT email, name FROM staff ORDER BY name, staff_no LIMIT :most;

-- ---- One record ------------------------------------------------------------------------------

-- name: audit_record
SELECT j.casefile_id, j.at, j.kind, j.outcome, j.channel, j.rule, j.actor, j.record, j.question,
       j.hash, b.hash, h.seq
  FROM journal AS j
  JOIN bucket_head AS h ON h.bucket = j.bucket
  LEFT JOIN journal AS b ON b.bucket = j.bucket AND b.seq = j.seq - 1
 WHERE j.bucket = :bucket AND j.seq = :seq;

-- ---- The chain -------------------------------------------------------------------------------

-- Where every chain ends, and how far it was checked.
-- name: chain_heads
SELECT h.bucket, h.seq, h.hash, c.seq, c.hash, c.broken_seq, c.checked_at
  FROM bucket_head AS h
  LEFT JOIN chain_check AS c ON c.bucket = h.bucket
 ORDER BY h.bucket;

-- Records are wide, so they come in pages.
-- name: chain_records
SELECT seq, casefile_id, at, kind, record, hash, question
  FROM journal
 WHERE bucket = :bucket AND seq > :after AND seq <= :last
 ORDER BY seq
 LIMIT 256;

-- name: chain_hash
SELECT hash FROM journal WHERE bucket = :bucket AND seq = :seq;

-- name: chain_check_put
INSERT INTO chain_check (bucket, seq, hash, broken_seq, checked_at)
    VALUES (:bucket, :seq, :hash, :broken, :now)
    ON CONFLICT (bucket) DO UPDATE
       SET seq = excluded.seq, hash = excluded.hash, broken_seq = excluded.broken_seq,
           checked_at = excluded.checked_at;

-- ---- What we owe ------------------------------------------------------------------------------

-- Answers that are owed to people, by kind, for whoever may see them.
-- name: audit_owed
SELECT kind, creditor, desk, COUNT(*), MIN(due_at),
       CAST(SUM(CASE WHEN due_at < :now THEN 1 ELSE 0 END) AS BIGINT)
  FROM task
 WHERE state = 'open' AND rank IN (10, 12, 30) AND kind IN ('reply', 'complaint', 'dispute', 'hardship')
 GROUP BY kind, creditor, desk;

-- ---- Rules ------------------------------------------------------------------------------------

-- name: log_rule_fired
SELECT COUNT(*)
  FROM (SELECT 1 FROM journal WHERE rule = :rule AND at >= :from_at LIMIT :most) AS fired;
