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

-- Offers that wait for another person, by what is known of them alone: no row stands for them.
-- name: approval_offers
SELECT o.bucket, o.casefile_id, o.offer_no, c.reference, c.creditor, c.desk, p.name,
       o.made_at, o.author
  FROM offer AS o
  JOIN casefile AS c ON c.bucket = o.bucket AND c.casefile_id = o.casefile_id
  JOIN party AS p ON p.bucket = o.bucket AND p.casefile_id = o.casefile_id AND p.party_no = 1
 WHERE o.state = 'waiting_approval'
 ORDER BY o.made_at, o.bucket, o.casefile_id, o.offer_no
 LIMIT 500;
