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
