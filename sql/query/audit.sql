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
