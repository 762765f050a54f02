-- Programs that speak to us.

-- name: api_reply_find
SELECT staff_no, digest, status, body FROM api_reply
 WHERE bucket = :bucket AND casefile_id = :casefile AND once = :once AND at > :since;

-- name: api_reply_drop
DELETE FROM api_reply WHERE bucket = :bucket AND casefile_id = :casefile AND at <= :since;

-- name: api_reply_put
INSERT INTO api_reply (bucket, casefile_id, once, staff_no, digest, status, body, at)
    VALUES (:bucket, :casefile, :once, :staff, :digest, :status, :body, :now);
