-- The people who work here: users, their sessions and tokens.

-- name: user_by_email
SELECT staff_no, email, name, role, clients, desks, state,
       CASE WHEN password IS NULL THEN 0 ELSE 1 END, CASE WHEN totp IS NULL THEN 0 ELSE 1 END,
       made_at, seen_at, version, recovery
  FROM staff WHERE email = :email;

-- name: user_by_number
SELECT staff_no, email, name, role, clients, desks, state,
       CASE WHEN password IS NULL THEN 0 ELSE 1 END, CASE WHEN totp IS NULL THEN 0 ELSE 1 END,
       made_at, seen_at, version, recovery
  FROM staff WHERE staff_no = :staff;

-- name: user_list
SELECT staff_no, email, name, role, clients, desks, state,
       CASE WHEN password IS NULL THEN 0 ELSE 1 END, CASE WHEN totp IS NULL THEN 0 ELSE 1 END,
       made_at, seen_at, version, recovery
  FROM staff ORDER BY name, staff_no LIMIT :most;

-- name: user_last_number
SELECT staff_no FROM staff ORDER BY staff_no DESC LIMIT 1;

-- name: user_add
INSERT INTO staff (staff_no, email, name, role, clients, desks, password, totp, totp_step,
                   recovery, state, made_at, seen_at, version)
    VALUES (:staff, :email, :name, :role, :clients, :desks, :password, NULL, 0,
            NULL, :state, :made_at, 0, 1);

-- name: user_role_set
UPDATE staff SET role = :role, version = version + 1
 WHERE staff_no = :staff AND version = :version RETURNING staff_no;

-- name: user_details_set
UPDATE staff SET name = :name, clients = :clients, desks = :desks, version = version + 1
 WHERE staff_no = :staff AND version = :version RETURNING staff_no;

-- name: user_state_set
UPDATE staff SET state = :state, version = version + 1
 WHERE staff_no = :staff AND version = :version RETURNING staff_no;

-- Nothing is left by which they could sign in.
-- name: user_reset
UPDATE staff SET password = NULL, totp = NULL, totp_step = 0, recovery = NULL,
       state = 'invited', version = version + 1
 WHERE staff_no = :staff AND version = :version AND state <> 'disabled' RETURNING staff_no;

-- name: user_enable
UPDATE staff SET password = NULL, totp = NULL, totp_step = 0, recovery = NULL,
       state = 'invited', version = version + 1
 WHERE staff_no = :staff AND version = :version AND state = 'disabled' RETURNING staff_no;

-- name: user_seen
UPDATE staff SET seen_at = :now WHERE staff_no = :staff AND seen_at < :now;

-- Tasks that lose the person who had them.
-- name: user_tasks_free
UPDATE task SET assigned_no = 0 WHERE assigned_no = :staff AND state = 'open'
    RETURNING task_no;

-- name: user_task_count
SELECT COUNT(*) FROM task WHERE assigned_no = :staff AND state = 'open';

-- ---- How they sign in ----

-- name: user_password
SELECT password FROM staff WHERE email = :email AND state = 'active';

-- name: user_password_set
UPDATE staff SET password = :password, state = 'active', version = version + 1
 WHERE staff_no = :staff AND state <> 'disabled';

-- name: user_second
SELECT totp, totp_step, recovery FROM staff WHERE staff_no = :staff /*lock*/;

-- name: user_totp_set
UPDATE staff SET totp = :totp, totp_step = :step, recovery = :recovery, version = version + 1
 WHERE staff_no = :staff;

-- name: user_totp_remove
UPDATE staff SET totp = NULL, totp_step = 0, recovery = NULL, version = version + 1
 WHERE staff_no = :staff;

-- name: user_totp_step
UPDATE staff SET totp_step = :step WHERE staff_no = :staff;

-- name: user_recovery_set
UPDATE staff SET recovery = :recovery WHERE staff_no = :staff;

-- name: session_add
INSERT INTO sign_in (digest, kind, staff_no, made_at, seen_at, until_at, client, agent)
    VALUES (:digest, :kind, :staff, :now, :now, :until_at, :client, :agent);

-- name: session_find
SELECT staff_no, kind, made_at, seen_at, until_at FROM sign_in
 WHERE digest = :digest AND kind <> 'link' AND until_at > :now;

-- name: session_list
SELECT digest, kind, made_at, seen_at, until_at, client, agent FROM sign_in
 WHERE staff_no = :staff AND kind <> 'link' AND until_at > :now AND seen_at > :idle_since
 ORDER BY seen_at DESC, digest
 LIMIT 200;

-- name: session_seen
UPDATE sign_in SET seen_at = :now WHERE digest = :digest AND seen_at < :now;

-- name: session_end
DELETE FROM sign_in WHERE digest = :digest;

-- name: session_end_of
DELETE FROM sign_in WHERE digest = :digest AND staff_no = :staff AND kind <> 'link'
    RETURNING staff_no;

-- Sessions and links alike, but for one.
-- name: session_end_all
DELETE FROM sign_in WHERE staff_no = :staff AND digest <> :but RETURNING staff_no;

-- name: sign_in_clean
DELETE FROM sign_in WHERE until_at <= :now OR (kind <> 'link' AND seen_at <= :idle_since);

-- name: link_find
SELECT staff_no FROM sign_in WHERE digest = :digest AND kind = 'link' AND until_at > :now;

-- name: link_take
DELETE FROM sign_in WHERE digest = :digest AND kind = 'link' AND until_at > :now
    RETURNING staff_no;

-- ---- Tries ----

-- name: try_ensure
INSERT INTO sign_in_try (digest, tries, at, until_at) VALUES (:digest, 0, :at, 0)
    ON CONFLICT (digest) DO NOTHING;

-- name: try_find
SELECT tries, at, until_at FROM sign_in_try WHERE digest = :digest /*lock*/;

-- name: try_set
UPDATE sign_in_try SET tries = :tries, at = :at, until_at = :until_at WHERE digest = :digest;

-- name: try_forget
DELETE FROM sign_in_try WHERE digest = :digest;

-- name: try_clean
DELETE FROM sign_in_try WHERE at <= :before AND until_at <= :now;

-- ---- Keys of programs ----

-- name: token_add
INSERT INTO token (digest, token_no, staff_no, name, scopes, made_at, until_at, used_at, ended_at)
    VALUES (:digest, :token, :staff, :name, :scopes, :made_at, :until_at, 0, 0);

-- name: token_last_number
SELECT token_no FROM token ORDER BY token_no DESC LIMIT 1;

-- A token, and its user as in user_by_number.
-- name: token_by_digest
SELECT t.token_no, t.staff_no, t.name, t.scopes, t.made_at, t.until_at, t.used_at, t.ended_at,
       s.email,
       s.staff_no, s.email, s.name, s.role, s.clients, s.desks, s.state,
       CASE WHEN s.password IS NULL THEN 0 ELSE 1 END, CASE WHEN s.totp IS NULL THEN 0 ELSE 1 END,
       s.made_at, s.seen_at, s.version, s.recovery
  FROM token AS t JOIN staff AS s ON s.staff_no = t.staff_no
 WHERE t.digest = :digest;

-- name: token_by_number
SELECT t.token_no, t.staff_no, t.name, t.scopes, t.made_at, t.until_at, t.used_at, t.ended_at,
       s.email
  FROM token AS t JOIN staff AS s ON s.staff_no = t.staff_no
 WHERE t.token_no = :token;

-- name: token_list
SELECT t.token_no, t.staff_no, t.name, t.scopes, t.made_at, t.until_at, t.used_at, t.ended_at,
       s.email
  FROM token AS t JOIN staff AS s ON s.staff_no = t.staff_no
 WHERE :staff = 0 OR t.staff_no = :staff
 ORDER BY t.token_no DESC
 LIMIT 1000;

-- name: token_used
UPDATE token SET used_at = :now WHERE token_no = :token AND used_at < :now;

-- name: token_end
UPDATE token SET ended_at = :now WHERE token_no = :token AND ended_at = 0;

-- name: token_end_all
UPDATE token SET ended_at = :now WHERE staff_no = :staff AND ended_at = 0;

-- What was journalled of the people who work here.
-- name: records_of_house
SELECT record FROM journal
 WHERE bucket = 0 AND casefile_id = 0 AND kind = :kind
 ORDER BY seq DESC
 LIMIT 500;
