-- One case file, beside what sql/query/web.sql reads of it: its version, its notes, its papers.

-- name: file_version
SELECT COALESCE(MAX(seq), 0) FROM journal WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: file_changes
SELECT j.seq, j.at, j.kind, j.record
  FROM journal AS j
 WHERE j.bucket = :bucket AND j.casefile_id = :casefile AND j.seq > :seen
   AND j.kind NOT IN ('refusal', 'opened', 'message')
 ORDER BY j.seq;

-- name: note_add
INSERT INTO note (bucket, casefile_id, note_no, text, author, at, ended_at)
    VALUES (:bucket, :casefile, :note, :text, :author, :at, 9223372036854775807);

-- name: note_get
SELECT text, author, ended_at FROM note
 WHERE bucket = :bucket AND casefile_id = :casefile AND note_no = :note;

-- name: note_end
UPDATE note SET ended_at = :at
 WHERE bucket = :bucket AND casefile_id = :casefile AND note_no = :note;

-- Whose it is: what decides who may see it.
-- name: file_owner
SELECT creditor, desk FROM casefile WHERE bucket = :bucket AND casefile_id = :casefile;

-- The next case files in the order of their keys.
-- name: file_after
SELECT bucket, casefile_id FROM casefile
 WHERE (bucket, casefile_id) > (:bucket, :casefile)
 ORDER BY bucket, casefile_id
 LIMIT 200;
