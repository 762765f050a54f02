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

-- name: house_active
SELECT role, name, made_at FROM staff WHERE state = 'active' ORDER BY made_at, staff_no;

-- The first file that was loaded over the console.
-- name: house_first_file
SELECT i.state_at, s.email FROM intake AS i LEFT JOIN staff AS s ON s.staff_no = i.staff_no
 WHERE i.state = 'loaded' ORDER BY i.intake_no LIMIT 1;

-- name: house_last_published
SELECT p.at, s.email FROM publication AS p LEFT JOIN staff AS s ON s.staff_no = p.published_no
 WHERE p.kind = :kind ORDER BY p.publication_no DESC LIMIT 1;
