-- What one person asks for and another must agree to.

-- name: approval_add
INSERT INTO approval (approval_no, kind, subject, wish, facts, reason, asked_no, asked_at, state,
                      decided_no, decided_at, answer)
    VALUES (:approval, :kind, :subject, :wish, :facts, :reason, :asked, :now, 'waiting', 0, 0,
            NULL);

-- name: approval_last_number
SELECT approval_no FROM approval ORDER BY approval_no DESC LIMIT 1;

-- name: approval_get
SELECT approval_no, kind, subject, wish, facts, reason, asked_no, asked_at, state, decided_no,
       decided_at, answer
  FROM approval WHERE approval_no = :approval;

-- name: approval_waiting
SELECT approval_no, kind, subject, wish, facts, reason, asked_no, asked_at, state, decided_no,
       decided_at, answer
  FROM approval WHERE state = 'waiting'
 ORDER BY asked_at, approval_no
 LIMIT 500;

-- What every page counts by, from an index alone.
-- name: approval_marks
SELECT approval_no, kind, subject, asked_no
  FROM approval WHERE state = 'waiting'
 ORDER BY asked_at, approval_no
 LIMIT :most;

-- name: approval_waiting_of
SELECT approval_no, kind, subject, wish, facts, reason, asked_no, asked_at, state, decided_no,
       decided_at, answer
  FROM approval
 WHERE subject = :subject AND kind = :kind AND state = 'waiting'
 ORDER BY approval_no;

-- Those that somebody settled, the latest first.
-- name: approval_settled
SELECT approval_no, kind, subject, wish, facts, reason, asked_no, asked_at, state, decided_no,
       decided_at, answer
  FROM approval WHERE state <> 'waiting'
 ORDER BY decided_at DESC, approval_no DESC
 LIMIT :most;

-- name: approval_settle
UPDATE approval SET state = :state, decided_no = :decided, decided_at = :now, answer = :answer
 WHERE approval_no = :approval AND state = 'waiting' RETURNING approval_no;

-- How many offers wait for somebody who did not make them, from an index alone: every page asks.
-- name: approval_offer_count
SELECT COUNT(*)
  FROM (SELECT 1 AS one FROM offer
         WHERE state = 'waiting_approval' AND COALESCE(author, '') <> :author
         LIMIT :most) AS w;

-- The same for who sees some clients or desks only: whose the oldest are.
-- name: approval_offer_places
SELECT c.creditor, c.desk
  FROM offer AS o JOIN casefile AS c ON c.bucket = o.bucket AND c.casefile_id = o.casefile_id
 WHERE o.state = 'waiting_approval' AND COALESCE(o.author, '') <> :author
 ORDER BY o.made_at
 LIMIT :most;

-- Offers that wait for another person, by what is known of them alone: no row stands for them.
-- name: approval_offers
SELECT o.bucket, o.casefile_id, o.offer_no, c.reference, c.creditor, c.desk, p.name,
       o.made_at
  FROM offer AS o
  JOIN casefile AS c ON c.bucket = o.bucket AND c.casefile_id = o.casefile_id
  JOIN party AS p ON p.bucket = o.bucket AND p.casefile_id = o.casefile_id AND p.party_no = 1
 WHERE o.state = 'waiting_approval'
 ORDER BY o.made_at, o.bucket, o.casefile_id, o.offer_no
 LIMIT 500;
