-- name: placeholder_one
SELECT 1
