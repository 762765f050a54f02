-- What the counters of the server say of the book (flow/pulse.h).

-- name: pulse_outbox
SELECT state, COUNT(*), MAX(decided_at) FROM outbox GROUP BY state ORDER BY state;

-- name: pulse_tasks
SELECT COUNT(*) FROM task WHERE state = 'open' AND hidden_until <= :now;

-- name: pulse_sessions
SELECT COUNT(*) FROM sign_in WHERE kind = 'session' AND until_at > :now AND seen_at > :idle_since;
