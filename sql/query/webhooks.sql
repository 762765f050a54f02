-- Webhooks: who is told, up to where, and what is on its way.

-- name: webhook_add
INSERT INTO webhook (webhook_no, url, secret, events, records, state, fault, staff_no, made_at,
                     state_at)
    VALUES (:webhook, :url, :secret, :events, :records, 'active', NULL, :staff, :now, :since);

-- What happened before is not told.
-- name: webhook_start
INSERT INTO webhook_place (bucket, webhook_no, seq)
    SELECT bucket, :webhook, seq FROM bucket_head;

-- name: webhook_list
SELECT webhook_no, url, events, records, state, fault, staff_no, made_at, state_at, secret
  FROM webhook ORDER BY webhook_no;

-- name: webhook_get
SELECT webhook_no, url, events, records, state, fault, staff_no, made_at, state_at, secret
  FROM webhook WHERE webhook_no = :webhook;

-- name: webhook_state_set
UPDATE webhook SET state = :state, fault = :fault, state_at = :now WHERE webhook_no = :webhook;

-- name: webhook_drop
DELETE FROM webhook WHERE webhook_no = :webhook;

-- name: webhook_place_drop
DELETE FROM webhook_place WHERE webhook_no = :webhook;

-- name: webhook_delivery_drop
DELETE FROM webhook_delivery WHERE webhook_no = :webhook;

-- Buckets with records that it was not told of.
-- name: webhook_behind
SELECT h.bucket, COALESCE(p.seq, 0)
  FROM bucket_head AS h
  LEFT JOIN webhook_place AS p ON p.bucket = h.bucket AND p.webhook_no = :webhook
 WHERE h.seq > COALESCE(p.seq, 0)
 ORDER BY h.bucket;

-- name: webhook_records
SELECT seq, casefile_id, kind FROM journal
 WHERE bucket = :bucket AND seq > :after
 ORDER BY seq LIMIT :most;

-- name: webhook_queue
INSERT INTO webhook_delivery (bucket, webhook_no, seq, made_at, state, attempt, next_at, tried_at,
                              status, took_ms, answer)
    VALUES (:bucket, :webhook, :seq, :now, 'waiting', 0, :due, 0, 0, 0, NULL)
    ON CONFLICT (bucket, webhook_no, seq) DO NOTHING;

-- name: webhook_move
INSERT INTO webhook_place (bucket, webhook_no, seq) VALUES (:bucket, :webhook, :seq)
    ON CONFLICT (bucket, webhook_no) DO UPDATE SET seq = excluded.seq
     WHERE webhook_place.seq < excluded.seq;

-- name: webhook_due
SELECT bucket, webhook_no, seq, attempt, next_at FROM webhook_delivery
 WHERE webhook_no = :webhook AND state = 'waiting' AND next_at <= :now
 ORDER BY next_at, bucket, seq LIMIT :most;

-- It is ours until :lease, when nobody else took it meanwhile.
-- name: webhook_claim
UPDATE webhook_delivery SET attempt = attempt + 1, next_at = :lease, tried_at = :now
 WHERE bucket = :bucket AND webhook_no = :webhook AND seq = :seq AND state = 'waiting'
   AND next_at = :seen RETURNING attempt;

-- name: webhook_event
SELECT j.kind, j.at, j.outcome, j.record, c.reference
  FROM journal AS j
  LEFT JOIN casefile AS c ON c.bucket = j.bucket AND c.casefile_id = j.casefile_id
 WHERE j.bucket = :bucket AND j.seq = :seq;

-- name: webhook_settle
UPDATE webhook_delivery SET state = :state, next_at = :next, status = :status, took_ms = :took,
       answer = :answer
 WHERE bucket = :bucket AND webhook_no = :webhook AND seq = :seq;

-- name: webhook_hold
UPDATE webhook_delivery SET state = 'held' WHERE webhook_no = :webhook AND state = 'waiting';

-- name: webhook_resume
UPDATE webhook_delivery SET state = 'waiting', attempt = 0, next_at = :now
 WHERE webhook_no = :webhook AND state IN ('held', 'failed');

-- name: webhook_replay
UPDATE webhook_delivery SET state = 'waiting', attempt = 0, next_at = :now
 WHERE bucket = :bucket AND webhook_no = :webhook AND seq = :seq RETURNING attempt;

-- name: webhook_deliveries
SELECT d.bucket, d.webhook_no, d.seq, d.made_at, d.state, d.attempt, d.next_at, d.tried_at,
       d.status, d.took_ms, d.answer, j.kind
  FROM webhook_delivery AS d
  JOIN journal AS j ON j.bucket = d.bucket AND j.seq = d.seq
 ORDER BY d.made_at DESC, d.bucket DESC, d.webhook_no DESC, d.seq DESC LIMIT :most;

-- name: webhook_forget
DELETE FROM webhook_delivery WHERE state = 'sent' AND made_at < :before;
