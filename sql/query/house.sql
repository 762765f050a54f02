-- What the pages of the house ask: what waits, and whether anything is here.

-- name: house_waiting
SELECT channel, state, COUNT(*), MIN(not_before) FROM outbox
 WHERE state IN ('ready', 'sending') GROUP BY channel, state ORDER BY channel, state;

-- name: house_any_casefile
SELECT reference FROM casefile ORDER BY bucket, casefile_id LIMIT 1;

-- name: house_administrators
SELECT role, COUNT(*) FROM staff WHERE state = 'active' GROUP BY role ORDER BY role;

-- name: house_loaded_files
SELECT COUNT(*) FROM intake WHERE state = 'loaded';
