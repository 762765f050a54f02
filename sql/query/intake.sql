-- Files that came in over the console.

-- name: intake_last_number
SELECT intake_no FROM intake ORDER BY intake_no DESC LIMIT 1;

-- name: intake_add
INSERT INTO intake (intake_no, name, kind, creditor, length, digest, header, choice, map, state,
                    state_at, report, rejects, staff_no, at, bytes)
    VALUES (:intake, :name, :kind, :creditor, :length, :digest, :header, :choice, NULL, 'new',
            :now, NULL, NULL, :staff, :now, :bytes);

-- name: intake_find
SELECT name, kind, creditor, length, digest, header, choice, map, state, state_at, report,
       staff_no, at, CASE WHEN rejects IS NULL THEN 0 ELSE 1 END
  FROM intake WHERE intake_no = :intake;

-- name: intake_bytes
SELECT bytes FROM intake WHERE intake_no = :intake;

-- name: intake_rejects
SELECT rejects FROM intake WHERE intake_no = :intake;

-- name: intake_list
SELECT intake_no, name, kind, creditor, length, state, state_at, staff_no, at
  FROM intake WHERE intake_no < :before ORDER BY intake_no DESC LIMIT :most;

-- How the last file with these columns was read.
-- name: intake_choice_before
SELECT choice, creditor, kind FROM intake
 WHERE header = :header AND choice IS NOT NULL ORDER BY intake_no DESC LIMIT 1;

-- name: intake_choose
UPDATE intake SET kind = :kind, creditor = :creditor, choice = :choice, map = :map
 WHERE intake_no = :intake AND state IN ('new', 'checked', 'failed');

-- name: intake_begin
UPDATE intake SET state = :state, state_at = :now
 WHERE intake_no = :intake AND state IN ('new', 'checked', 'failed');

-- name: intake_end
UPDATE intake SET state = :state, state_at = :now, report = :report, rejects = :rejects
 WHERE intake_no = :intake;

-- name: intake_empty
UPDATE intake SET bytes = NULL WHERE intake_no = :intake;

-- Work that was under way when the program ended: one file is one transaction, nothing was kept.
-- name: intake_interrupted
UPDATE intake SET state = 'failed', state_at = :now, report = :report
 WHERE state IN ('checking', 'loading');
