-- What waits on one person, for the bell of the console: counted on every page, so each count ends
-- early and reads an index from its end.

-- Records of the latest draws that nobody has looked at, but for what they did themselves.
-- name: waiting_reviews
SELECT COUNT(*)
  FROM (SELECT 1 AS one FROM review
         WHERE sample_no > (SELECT COALESCE(MAX(sample_no), 0) FROM sample) - :draws
           AND state = 'waiting' AND COALESCE(actor, '') <> :email
         LIMIT :most) AS w;

-- Messages of which nobody knows whether they left: a person must say.
-- name: waiting_messages
SELECT COUNT(*)
  FROM (SELECT 1 AS one FROM outbox WHERE state = 'unsure' LIMIT :most) AS w;

-- name: waiting_webhooks
SELECT COUNT(*)
  FROM (SELECT 1 AS one FROM webhook WHERE state = 'failing' LIMIT :most) AS w;
