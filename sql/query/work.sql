-- What people do from an account.

-- Consents that are in force: those to one call name its moment.
-- name: call_backs
SELECT fact_no, detail FROM fact
 WHERE bucket = :bucket AND casefile_id = :casefile AND type = 'consent' AND until_at > :now
   AND detail IS NOT NULL
 ORDER BY fact_no;

-- name: reach_points
SELECT point_no, channel, address, state FROM contact_point
 WHERE bucket = :bucket AND casefile_id = :casefile AND party_no = 1
 ORDER BY point_no;

-- name: reach_mark
UPDATE contact_point SET state = :state
 WHERE bucket = :bucket AND casefile_id = :casefile AND point_no = :point;

-- Calls that somebody began and said nothing of yet.
-- name: call_under_way
SELECT o.outbox_no, j.record
  FROM outbox AS o
  JOIN journal AS j ON j.bucket = o.bucket AND j.casefile_id = o.casefile_id
                   AND j.seq = o.decision_seq
 WHERE o.bucket = :bucket AND o.casefile_id = :casefile AND o.channel = 'call'
   AND o.state = 'ready' AND o.decided_at > :since
 ORDER BY o.outbox_no DESC;

-- name: payment_reference
SELECT reference FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile AND payment_no = :payment;
