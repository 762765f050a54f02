-- name: meta_get
SELECT value FROM meta WHERE key = :key;

-- name: meta_set
INSERT INTO meta (key, value) VALUES (:key, :value)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: bucket_head_add
INSERT INTO bucket_head (bucket, seq, hash) VALUES (:bucket, 0, :hash);

-- name: bucket_head_lock
SELECT seq, hash FROM bucket_head WHERE bucket = :bucket /*lock*/;

-- name: bucket_head_set
UPDATE bucket_head SET seq = :seq, hash = :hash WHERE bucket = :bucket;

-- name: journal_add
INSERT INTO journal (bucket, seq, casefile_id, at, kind, outcome, channel, rule, actor, record,
                     hash, question)
    VALUES (:bucket, :seq, :casefile, :at, :kind, :outcome, :channel, :rule, :actor, :record,
            :hash, :question);

-- name: rule_text_get
SELECT text FROM rule_text WHERE digest = :digest;

-- name: rule_text_add
INSERT INTO rule_text (digest, text) VALUES (:digest, :text) ON CONFLICT (digest) DO NOTHING;
