-- Words, and what is found by them.

-- name: word_add
INSERT INTO word (bucket, word, casefile_id, object_no)
    VALUES (:bucket, :word, :casefile, :object)
    ON CONFLICT (bucket, word, casefile_id, object_no) DO NOTHING;

-- Eight at once cost half as much.
-- name: word_add_eight
INSERT INTO word (bucket, word, casefile_id, object_no)
    VALUES (:bucket_1, :word_1, :casefile_1, :object_1),
           (:bucket_2, :word_2, :casefile_2, :object_2),
           (:bucket_3, :word_3, :casefile_3, :object_3),
           (:bucket_4, :word_4, :casefile_4, :object_4),
           (:bucket_5, :word_5, :casefile_5, :object_5),
           (:bucket_6, :word_6, :casefile_6, :object_6),
           (:bucket_7, :word_7, :casefile_7, :object_7),
           (:bucket_8, :word_8, :casefile_8, :object_8)
    ON CONFLICT (bucket, word, casefile_id, object_no) DO NOTHING;

-- name: word_drop
DELETE FROM word
 WHERE bucket = :bucket AND word = :word AND casefile_id = :casefile AND object_no = :object;

-- What begins alike: from :from, which comes first, to :to.
-- name: word_range
SELECT casefile_id, object_no, word FROM word
 WHERE bucket = :bucket AND word >= :from AND word <= :to
 ORDER BY word, casefile_id, object_no
 LIMIT :most;

-- name: search_name
SELECT name FROM party
 WHERE bucket = :bucket AND casefile_id = :casefile AND party_no = 1;

-- name: search_account
SELECT c.reference, p.name, p.places, c.business, c.creditor, c.role, c.standing,
       c.standing_reason, c.standing_rule, c.standing_until, c.desk, c.segment
  FROM casefile AS c
  JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
 WHERE c.bucket = :bucket AND c.casefile_id = :casefile;

-- name: search_payment
SELECT reference FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile AND payment_no = :payment;

-- name: search_record
SELECT casefile_id, kind, at FROM journal WHERE bucket = :bucket AND seq = :seq;

-- name: search_message
SELECT decision_seq, decided_at, channel FROM outbox
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :outbox;

-- name: search_amount
SELECT bucket, casefile_id FROM casefile
 WHERE open_currency = :currency AND open_currency > 0 AND open_minor = :minor
 ORDER BY casefile_id
 LIMIT :most;
