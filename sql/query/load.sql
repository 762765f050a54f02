-- Reading case files, one statement per table, all in the order of the keys, merged in step by
-- store/casefiles.c.

-- name: load_casefile
SELECT c.casefile_id, c.reference, c.creditor, c.role, c.business, c.wake_at, c.last_no,
       c.standing, c.standing_reason, c.standing_rule, c.standing_until, c.segment,
       c.standing_step, c.face, c.books_day, c.strategy
  FROM casefile AS c/*of*/
 WHERE /*chosen*/
 ORDER BY c.casefile_id;

-- name: load_parties
SELECT p.casefile_id, p.party_no, p.role, p.name, p.language, p.places, p.zones,
       p.clues
  FROM party AS p/*of*/
 WHERE /*chosen*/
 ORDER BY p.casefile_id, p.party_no;

-- name: load_points
SELECT p.casefile_id, p.point_no, p.party_no, p.channel, p.address, p.state
  FROM contact_point AS p/*of*/
 WHERE /*chosen*/
 ORDER BY p.casefile_id, p.point_no;

-- Instalments that are open on some day from :today on, with their debts.
-- name: load_items
SELECT i.casefile_id, i.debt_no, i.instalment_no, i.due_day, i.amount_minor, i.paid_minor,
       i.first_change_day, i.last_change_day, d.reference, d.kind, d.currency, d.invoice_day,
       i.charges_minor, i.disputed_minor, i.last_paid_day, i.grace_days
  FROM instalment AS i/*of*/ CROSS JOIN debt AS d
 WHERE /*chosen*/
   AND (i.paid_minor < i.amount_minor OR i.charges_minor > 0 OR i.last_change_day > :today)
   AND d.bucket = i.bucket AND d.casefile_id = i.casefile_id AND d.debt_no = i.debt_no
 ORDER BY i.casefile_id, i.debt_no, i.instalment_no;

-- name: load_steps
SELECT s.casefile_id, s.debt_no, s.instalment_no, s.step, s.day, s.decision_seq
  FROM step AS s/*of*/
 WHERE /*chosen*/
 ORDER BY s.casefile_id, s.debt_no, s.instalment_no;

-- name: load_facts
SELECT f.casefile_id, f.type, f.party_no, f.debt_no, f.at, f.until_at, f.scope, f.value,
       f.channel, f.weekdays, f.from_second, f.to_second, f.fact_no, f.detail, f.other_no
  FROM fact AS f/*of*/
 WHERE /*chosen*/
 ORDER BY f.casefile_id, f.fact_no;

-- name: load_contacts
SELECT k.casefile_id, k.at, k.channel, k.direction, k.outcome, k.party_no, k.debts, k.address,
       k.purpose
  FROM contact AS k/*of*/
 WHERE /*chosen*/
 ORDER BY k.casefile_id, k.contact_no;

-- Messages count as contacts from the moment for which they were planned.
-- name: load_messages
SELECT o.casefile_id, o.not_before, o.channel, o.state, o.party_no, o.debts, o.address,
       o.outbox_no, o.purpose
  FROM outbox AS o/*of*/
 WHERE /*chosen*/
   AND o.state NOT IN ('refused', 'expired', 'failed')
 ORDER BY o.casefile_id, o.outbox_no;

-- Instalments that were withdrawn when their plan defaulted come back when money is known late.
-- name: load_promises
SELECT p.casefile_id, p.promise_no, p.currency, p.minor, p.made_day, p.due_day, p.plan_no,
       p.item_no, p.state, p.state_day, p.notice_no, p.debit_no
  FROM promise AS p/*of*/
 WHERE /*chosen*/ AND (p.state <> 'withdrawn' OR p.item_no > 0)
 ORDER BY p.casefile_id, p.promise_no;

-- Days on which nothing grows and nobody falls further behind.
-- name: load_pauses
SELECT m.casefile_id, m.debt_no, m.value_day, m.due_day
  FROM movement AS m/*of*/
 WHERE /*chosen*/ AND m.kind = 'freeze' AND m.ended_at = 9223372036854775807
 ORDER BY m.casefile_id, m.movement_no;

-- name: load_plans
SELECT p.casefile_id, p.plan_no, p.offer_no, p.state, p.state_day, p.currency, p.total_minor,
       p.debts, p.made_day, p.interest_frozen, p.cure_days, p.resumes_day, p.notice_days, p.autopay
  FROM plan AS p/*of*/
 WHERE /*chosen*/ AND p.state NOT IN ('cancelled', 'replaced')
 ORDER BY p.casefile_id, p.plan_no;

-- name: load_offers
SELECT p.casefile_id, p.offer_no, p.plan_no, p.state, p.expires_day, p.void_on_default
  FROM offer AS p/*of*/
 WHERE /*chosen*/ AND p.state IN ('waiting_approval', 'open', 'accepted', 'fulfilled', 'void')
 ORDER BY p.casefile_id, p.offer_no;

-- name: load_pending
SELECT p.casefile_id, p.payment_no, p.received_day, p.currency, p.minor
  FROM payment AS p/*of*/
 WHERE /*chosen*/
   AND p.state = 'pending'
 ORDER BY p.casefile_id, p.payment_no;

-- What was open of the principal of one instalment on a day, and the next day on which it changes.
-- name: instalment_open_on
SELECT CAST(COALESCE(SUM(CASE WHEN p.value_day <= :day THEN p.minor ELSE 0 END), 0) AS BIGINT),
       CAST(COALESCE(MIN(CASE WHEN p.value_day > :day THEN p.value_day ELSE 99999999 END),
                     99999999) AS BIGINT)
  FROM posting AS p
 WHERE p.bucket = :bucket AND p.casefile_id = :casefile AND p.account = 'principal'
   AND p.debt_no = :debt AND p.instalment_no = :instalment;

-- Money that may keep promises: what is here, and was not given back.
-- name: money_since
SELECT payment_no, received_day, currency, minor - refunded_minor, debt_no
  FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'settled'
   AND received_day >= :from_day
 ORDER BY received_day, payment_no;

-- Since when nothing is open of a debt, once nothing is.
-- name: debt_cleared
SELECT CAST(COALESCE(MAX(CASE WHEN last_change_day < 99999999 THEN last_change_day ELSE due_day END),
                     0) AS BIGINT)
  FROM instalment AS i JOIN debt AS d
    ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id AND d.debt_no = i.debt_no
 WHERE i.bucket = :bucket AND i.casefile_id = :casefile AND d.currency = :currency
   AND (:debt = 0 OR i.debt_no = :debt);

-- name: due_buckets
SELECT DISTINCT bucket FROM casefile WHERE wake_at <= :now ORDER BY bucket;

-- name: casefile_count_in
SELECT COUNT(*) FROM casefile WHERE bucket = :bucket;

-- name: casefile_count
SELECT COUNT(*) FROM casefile;
