-- What the pages of the house ask: what waits, and whether anything is here.

-- name: house_waiting
SELECT channel, state, COUNT(*), MIN(decided_at) FROM outbox
 WHERE state IN ('ready', 'sending') GROUP BY channel, state ORDER BY channel, state;

-- What was tried and could not be handed over, by what the provider said; it is tried again.
-- name: house_failing
SELECT channel, state_reason, COUNT(*), MAX(state_at), MIN(not_before) FROM outbox
 WHERE state = 'ready' AND attempts > 0 AND state_reason IS NOT NULL
 GROUP BY channel, state_reason ORDER BY channel, COUNT(*) DESC, state_reason;

-- name: house_any_casefile
SELECT reference FROM casefile ORDER BY bucket, casefile_id LIMIT 1;

-- name: house_administrators
SELECT role, COUNT(*) FROM staff WHERE state = 'active' GROUP BY role ORDER BY role;

-- name: house_loaded_files
SELECT COUNT(*) FROM intake WHERE state = 'loaded';
