-- Figures for reports. Each statement reads one bucket, so that memory stays small whatever the
-- size of the book: PostgreSQL hands over a whole answer at once.

-- name: figures_buckets
SELECT DISTINCT bucket FROM casefile;

-- name: figures_debts
SELECT casefile_id, debt_no, currency, invoice_day
  FROM debt
 WHERE bucket = :bucket
 ORDER BY casefile_id, debt_no;

-- name: figures_items
SELECT casefile_id, debt_no, instalment_no, due_day, amount_minor, paid_minor, first_change_day,
       last_change_day
  FROM instalment
 WHERE bucket = :bucket
 ORDER BY casefile_id, debt_no, instalment_no;

-- Between the first and the last of several changes only the postings know what was open: the
-- changes after :day, in case files that have such an instalment.
-- name: figures_paid_later
SELECT p.casefile_id, p.debt_no, p.instalment_no, p.minor
  FROM (SELECT DISTINCT i.bucket, i.casefile_id
          FROM instalment AS i
         WHERE i.bucket = :bucket AND i.first_change_day <= :day AND i.last_change_day > :day) AS u
       CROSS JOIN posting AS p
 WHERE p.bucket = u.bucket AND p.casefile_id = u.casefile_id
   AND p.value_day > :day AND p.account = 'principal'
 ORDER BY p.casefile_id, p.debt_no, p.instalment_no;

-- Money that came in, net of what was taken back: in the period, and ever.
-- name: figures_cash
SELECT currency,
       CAST(SUM(CASE WHEN value_day >= :from_day AND value_day <= :to_day THEN minor ELSE 0 END)
            AS BIGINT),
       CAST(SUM(minor) AS BIGINT)
  FROM posting
 WHERE bucket = :bucket AND account = 'cash' AND value_day <= :today
 GROUP BY currency
 ORDER BY currency;

-- Promises that fell due in the period and were judged by today.
-- name: figures_promises
SELECT currency, COUNT(*), CAST(SUM(minor) AS BIGINT),
       CAST(SUM(CASE WHEN state = 'kept' THEN 1 ELSE 0 END) AS BIGINT),
       CAST(SUM(CASE WHEN state = 'kept' THEN minor ELSE 0 END) AS BIGINT)
  FROM promise
 WHERE bucket = :bucket AND due_day >= :from_day AND due_day <= :to_day
   AND state IN ('kept', 'partly_kept', 'broken') AND state_day <= :today
 GROUP BY currency
 ORDER BY currency;

-- name: figures_calls
SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN outcome = 'conversation' THEN 1 ELSE 0 END), 0)
                      AS BIGINT)
  FROM contact
 WHERE bucket = :bucket AND at >= :from_at AND at < :to_at AND direction = 0
   AND channel = 'call' AND outcome NOT IN ('none', 'planned');

-- Case files whose people were reached, or wrote or rang themselves.
-- name: figures_contacted
SELECT casefile_id
  FROM contact
 WHERE bucket = :bucket AND at >= :from_at AND at < :to_at
   AND (direction = 1 OR outcome IN ('sent', 'delivered', 'voicemail',
                                     'limited_content_voicemail', 'conversation'))
 UNION
SELECT casefile_id
  FROM outbox
 WHERE bucket = :bucket AND not_before >= :from_at AND not_before < :to_at
   AND state IN ('sent', 'delivered')
 ORDER BY casefile_id;

-- name: figures_disputed
SELECT DISTINCT casefile_id
  FROM fact
 WHERE bucket = :bucket AND type = 'dispute' AND at <= :now AND until_at > :now
 ORDER BY casefile_id;

-- Activity: a message belongs to the moment at which it came into its state.
-- name: figures_messages
SELECT state_at, channel, state
  FROM outbox
 WHERE bucket = :bucket AND state_at >= :from_at AND state_at < :to_at;

-- name: figures_contacts
SELECT at, channel, outcome, direction
  FROM contact
 WHERE bucket = :bucket AND at >= :from_at AND at < :to_at;

-- name: figures_records
SELECT at, kind
  FROM journal
 WHERE bucket = :bucket AND at >= :from_at AND at < :to_at;

-- name: figures_payments
SELECT received_day, method, state, currency, minor
  FROM payment
 WHERE bucket = :bucket AND received_day >= :from_day AND received_day <= :to_day;

-- name: figures_standings
SELECT standing, COALESCE(standing_rule, standing_reason, ''), COUNT(*)
  FROM casefile
 WHERE bucket = :bucket
 GROUP BY standing, COALESCE(standing_rule, standing_reason, '')
 ORDER BY 1, 2;
