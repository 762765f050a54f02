-- Draws of records for review, and what the reviewers found.

-- name: sample_add
INSERT INTO sample (sample_no, filter, seed, wanted, until_at, span, looked, whole, staff_no, at)
    VALUES (:sample, :filter, :seed, :wanted, :until, :span, :looked, :whole, :staff, :now);

-- name: sample_last_number
SELECT sample_no FROM sample ORDER BY sample_no DESC LIMIT 1;

-- name: sample_get
SELECT sample_no, filter, seed, wanted, until_at, span, looked, whole, staff_no, at
  FROM sample WHERE sample_no = :sample;

-- The latest first, with how many records they have and how many are done.
-- name: sample_list
SELECT s.sample_no, s.filter, s.seed, s.wanted, s.until_at, s.span, s.looked, s.whole, s.staff_no,
       s.at, COUNT(r.item_no), CAST(COALESCE(SUM(CASE WHEN r.state = 'done' THEN 1 ELSE 0 END), 0) AS BIGINT)
  FROM (SELECT * FROM sample WHERE sample_no < :before ORDER BY sample_no DESC LIMIT :most) AS s
  LEFT JOIN review AS r ON r.sample_no = s.sample_no
 GROUP BY s.sample_no, s.filter, s.seed, s.wanted, s.until_at, s.span, s.looked, s.whole,
          s.staff_no, s.at
 ORDER BY s.sample_no DESC;

-- name: review_add
INSERT INTO review (sample_no, item_no, bucket, seq, casefile_id, actor, rule, state, staff_no, at)
    VALUES (:sample, :item, :bucket, :seq, :casefile, :actor, :rule, 'waiting', 0, 0);

-- name: review_list
SELECT r.item_no, r.bucket, r.seq, r.casefile_id, r.actor, r.rule, r.state, r.sheet, r.answers,
       r.note, r.staff_no, r.at
  FROM review AS r
 WHERE r.sample_no = :sample
 ORDER BY r.item_no;

-- name: review_save
UPDATE review SET state = 'done', sheet = :sheet, answers = :answers, note = :note,
       staff_no = :staff, at = :now
 WHERE sample_no = :sample AND item_no = :item;

-- What was found since.
-- name: review_last
SELECT at FROM review WHERE state = 'done' ORDER BY at DESC, sample_no DESC, item_no DESC LIMIT 1;

-- What stood in a file before its first publication changed nothing.
-- name: review_changes
SELECT p.kind, p.name, p.version, p.published_no, p.agreed_no, p.reason, p.at
  FROM publication AS p
 WHERE p.at > :since
   AND (p.version > 1
        OR NOT EXISTS (SELECT 1 FROM publication AS n
                        WHERE n.kind = p.kind AND n.name = p.name AND n.version = 2
                          AND n.at = p.at))
 ORDER BY p.publication_no DESC
 LIMIT :most;

-- name: review_found
SELECT rule, actor, sheet, answers, bucket, casefile_id
  FROM review
 WHERE state = 'done' AND at >= :from_at
 ORDER BY at, sample_no, item_no
 LIMIT :most;

-- ---- Drawing --------------------------------------------------------------------------------

-- Candidates of a period: in narrow indexes alone. The limit counts what is read.
-- name: sample_by_outcome
SELECT bucket, seq, casefile_id, kind, outcome, channel, rule, actor
  FROM journal
 WHERE outcome = :key AND at >= :from_at AND at < :until
 LIMIT :most;

-- name: sample_by_rule
SELECT bucket, seq, casefile_id, kind, outcome, channel, rule, actor
  FROM journal
 WHERE rule = :key AND at >= :from_at AND at < :until
 LIMIT :most;

-- name: sample_by_actor
SELECT bucket, seq, casefile_id, kind, outcome, channel, rule, actor
  FROM journal
 WHERE actor = :key AND at >= :from_at AND at < :until
 LIMIT :most;

-- One by its place.
-- name: sample_at
SELECT bucket, seq, casefile_id, kind, outcome, channel, rule, actor, at, record
  FROM journal
 WHERE bucket = :bucket AND seq = :seq;

-- name: sample_span
SELECT COALESCE(MAX(seq), 0) FROM bucket_head;

-- What was written down of a contact.
-- name: sample_contact
SELECT note, direction, outcome, address FROM contact
 WHERE bucket = :bucket AND casefile_id = :casefile AND at = :at
 ORDER BY contact_no DESC
 LIMIT 1;

-- ---- Proof ----------------------------------------------------------------------------------

-- name: prove_sample_records
SELECT record FROM journal
 WHERE bucket = :bucket AND casefile_id = 0 AND kind IN ('sample', 'review')
 ORDER BY seq;

-- name: prove_samples
SELECT sample_no, filter, seed, wanted, until_at, span, looked, staff_no FROM sample
 WHERE :bucket = 0
 ORDER BY sample_no;

-- name: prove_reviews
SELECT sample_no, item_no, bucket, seq, state, sheet, answers, note, staff_no FROM review
 WHERE :bucket = 0
 ORDER BY sample_no, item_no;
