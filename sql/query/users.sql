-- The people who work here: users, their sessions and tokens.

-- name: user_by_email
SELECT staff_no, email, name, role, clients, desks, state,
       CASE WHEN password IS NULL THEN 0 ELSE 1 END, CASE WHEN totp IS NULL THEN 0 ELSE 1 END,
       made_at, seen_at, version
  FROM staff WHERE email = :email;

-- name: user_by_number
SELECT staff_no, email, name, role, clients, desks, state,
       CASE WHEN password IS NULL THEN 0 ELSE 1 END, CASE WHEN totp IS NULL THEN 0 ELSE 1 END,
       made_at, seen_at, version
  FROM staff WHERE staff_no = :staff;

-- name: user_list
SELECT staff_no, email, name, role, clients, desks, state,
       CASE WHEN password IS NULL THEN 0 ELSE 1 END, CASE WHEN totp IS NULL THEN 0 ELSE 1 END,
       made_at, seen_at, version
  FROM staff ORDER BY name, staff_no LIMIT :most;

-- name: user_last_number
SELECT staff_no FROM staff ORDER BY staff_no DESC LIMIT 1;

-- name: user_add
INSERT INTO staff (staff_no, email, name, role, clients, desks, password, totp, totp_step,
                   recovery, state, made_at, seen_at, version)
    VALUES (:staff, :email, :name, :role, :clients, :desks, :password, NULL, 0,
            NULL, :state, :made_at, 0, 1);

-- name: user_password
SELECT password FROM staff WHERE email = :email AND state = 'active';

-- name: user_password_set
UPDATE staff SET password = :password, state = 'active', version = version + 1
 WHERE staff_no = :staff AND state <> 'disabled';

-- name: session_add
INSERT INTO sign_in (digest, kind, staff_no, made_at, seen_at, until_at, client, agent)
    VALUES (:digest, :kind, :staff, :now, :now, :until_at, :client, :agent);

-- name: session_find
SELECT staff_no, kind, made_at, seen_at, until_at FROM sign_in
 WHERE digest = :digest AND kind <> 'link' AND until_at > :now;

-- name: session_end
DELETE FROM sign_in WHERE digest = :digest;
