-- Lists: rows of one state in the order of the list, after a given one. All have the same columns:
-- bucket, case file, number, what they are sorted by, state, currency, two amounts, two days, two
-- numbers, four texts, and the place of a decision.

-- name: list_promises
SELECT l.bucket, l.casefile_id, l.promise_no, l.due_day, l.state, l.currency, l.minor, 0, l.made_day,
       l.state_day, l.plan_no, l.item_no, l.channel, l.note, NULL, NULL, 0
  FROM promise AS l
 WHERE l.state = :state AND (l.due_day, l.casefile_id, l.promise_no) > (:key, :casefile, :number)
   AND l.due_day >= :from AND l.due_day <= :to
 ORDER BY l.due_day, l.casefile_id, l.promise_no
 LIMIT :most;

-- name: list_disputes
SELECT l.bucket, l.casefile_id, l.dispute_no, l.answer_day, l.state, l.currency, l.minor,
       l.corrected_minor, l.received_day, l.state_day, l.debt_no, 0, l.reason, l.channel,
       (SELECT d.reference FROM debt AS d
         WHERE d.bucket = l.bucket AND d.casefile_id = l.casefile_id AND d.debt_no = l.debt_no),
       l.note, 0
  FROM dispute AS l
 WHERE l.state = :state AND (l.answer_day, l.casefile_id, l.dispute_no) > (:key, :casefile, :number)
   AND l.answer_day >= :from AND l.answer_day <= :to
 ORDER BY l.answer_day, l.casefile_id, l.dispute_no
 LIMIT :most;

-- A hardship that nobody decided is open; one that was is decided, until it ends.
-- name: list_hardship
SELECT l.bucket, l.casefile_id, l.fact_no, l.at, :state, 0, 0, l.until_at, 0, 0, l.debt_no, 0,
       l.value, l.detail, NULL, NULL, 0
  FROM fact AS l
 WHERE l.type = 'hold' AND l.scope = 'hardship'
   AND :state = CASE WHEN l.until_at <= :now THEN 'ended'
                     WHEN l.detail IS NOT NULL AND replace(l.detail, 'result=', '') <> l.detail
                     THEN 'decided' ELSE 'open' END AND (l.at, l.casefile_id, l.fact_no) > (:key, :casefile, :number)
   AND l.at >= :from AND l.at <= :to
 ORDER BY l.at, l.casefile_id, l.fact_no
 LIMIT :most;

-- name: list_offers
SELECT l.bucket, l.casefile_id, l.offer_no, l.expires_day, l.state, l.currency, l.minor, l.balance_minor,
       0, l.state_day, l.plan_no, l.made_at, l.made_by, l.author, l.residual, NULL, 0
  FROM offer AS l
 WHERE l.state = :state AND (l.expires_day, l.casefile_id, l.offer_no) > (:key, :casefile, :number)
   AND l.expires_day >= :from AND l.expires_day <= :to
 ORDER BY l.expires_day, l.casefile_id, l.offer_no
 LIMIT :most;

-- name: list_plans
SELECT l.bucket, l.casefile_id, l.plan_no, l.made_day, l.state, l.currency, l.total_minor,
       (SELECT CAST(COALESCE(SUM(i.minor), 0) AS BIGINT) FROM promise AS i
         WHERE i.bucket = l.bucket AND i.casefile_id = l.casefile_id AND i.plan_no = l.plan_no
           AND i.item_no > 0 AND i.state = 'open'),
       (SELECT CAST(COALESCE(MIN(i.due_day), 99999999) AS BIGINT) FROM promise AS i
         WHERE i.bucket = l.bucket AND i.casefile_id = l.casefile_id AND i.plan_no = l.plan_no
           AND i.item_no > 0 AND i.state = 'open'),
       l.state_day, l.version, 0, l.schedule, l.autopay, l.agreed_by, NULL, 0
  FROM plan AS l
 WHERE l.state = :state AND (l.made_day, l.casefile_id, l.plan_no) < (:key, :casefile, :number)
   AND l.made_day >= :from AND l.made_day <= :to
 ORDER BY l.made_day DESC, l.casefile_id DESC, l.plan_no DESC
 LIMIT :most;

-- name: list_outbox
SELECT l.bucket, l.casefile_id, l.outbox_no, l.state_at, l.state, l.currency, l.open_minor, 0, 0, 0,
       l.attempts, l.not_before, l.channel, l.template, l.state_reason,
       (SELECT m.subject FROM message AS m
         WHERE m.bucket = l.bucket AND m.casefile_id = l.casefile_id
           AND m.outbox_no = l.outbox_no), l.decision_seq
  FROM outbox AS l
 WHERE l.state = :state AND (l.state_at, l.casefile_id, l.outbox_no) < (:key, :casefile, :number)
   AND l.state_at >= :from AND l.state_at <= :to
 ORDER BY l.state_at DESC, l.casefile_id DESC, l.outbox_no DESC
 LIMIT :most;

-- name: list_payments
SELECT l.bucket, l.casefile_id, l.payment_no, l.state_day, l.state, l.currency, l.minor, l.refunded_minor,
       l.received_day, 0, l.debt_no, 0, l.method, l.reason, l.reference, NULL, 0
  FROM payment AS l
 WHERE l.state = :state
   AND l.state IN ('pending', 'failed', 'returned', 'charged_back') AND (l.state_day, l.casefile_id, l.payment_no) < (:key, :casefile, :number)
   AND l.state_day >= :from AND l.state_day <= :to
 ORDER BY l.state_day DESC, l.casefile_id DESC, l.payment_no DESC
 LIMIT :most;

-- How many there are of a state, up to :most.
-- name: count_promises
SELECT COUNT(*) FROM (SELECT 1 FROM promise WHERE state = :state AND due_day >= :from AND due_day <= :to
                       LIMIT :most) AS l;

-- name: count_disputes
SELECT COUNT(*) FROM (SELECT 1 FROM dispute WHERE state = :state AND answer_day >= :from AND answer_day <= :to
                       LIMIT :most) AS l;

-- name: count_offers
SELECT COUNT(*) FROM (SELECT 1 FROM offer WHERE state = :state AND expires_day >= :from AND expires_day <= :to
                       LIMIT :most) AS l;

-- name: count_plans
SELECT COUNT(*) FROM (SELECT 1 FROM plan WHERE state = :state AND made_day >= :from AND made_day <= :to
                       LIMIT :most) AS l;

-- name: count_outbox
SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE state = :state AND state_at >= :from AND state_at <= :to
                       LIMIT :most) AS l;

-- name: count_payments
SELECT COUNT(*) FROM (SELECT 1 FROM payment
                       WHERE state = :state AND state_day >= :from AND state_day <= :to
                         AND state IN ('pending', 'failed', 'returned', 'charged_back')
                       LIMIT :most) AS l;

-- name: count_hardship
SELECT COUNT(*) FROM (SELECT 1 FROM fact AS l
                       WHERE l.type = 'hold' AND l.scope = 'hardship'
                         AND :state = CASE WHEN l.until_at <= :now THEN 'ended'
                             WHEN l.detail IS NOT NULL
                              AND replace(l.detail, 'result=', '') <> l.detail
                             THEN 'decided' ELSE 'open' END
                         AND l.at >= :from AND l.at <= :to
                       LIMIT :most) AS l;

-- What is promised for each day of a few weeks.
-- name: promise_days
SELECT due_day, state, currency, COUNT(*), CAST(SUM(minor) AS BIGINT)
  FROM promise
 WHERE state = :state AND due_day >= :from AND due_day <= :to
 GROUP BY due_day, state, currency
 ORDER BY due_day, state, currency;

-- The same, for who sees only some.
-- name: promise_days_of_some
SELECT m.due_day, m.state, m.currency, m.minor, c.creditor, c.desk
  FROM promise AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
 WHERE m.state = :state AND m.due_day >= :from AND m.due_day <= :to
 ORDER BY m.due_day
 LIMIT 20000;

-- name: list_scope
SELECT creditor, desk, segment, places, standing, business FROM casefile
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- Accounts by what is open on them, most first, of one currency: among the next :window those that
-- fit. The first of them that was left out ends the page.
-- name: list_accounts_open
SELECT w.bucket, w.casefile_id, w.open_minor
  FROM (SELECT bucket, casefile_id, open_currency, open_minor, open_since, standing, creditor, desk,
               segment, places, business
          FROM casefile
         WHERE open_currency = :currency AND open_currency > 0
           AND open_minor >= :over AND open_minor <= :under
           AND (open_minor, casefile_id) < (:key, :casefile)
         ORDER BY open_minor DESC, casefile_id DESC
         LIMIT :window) AS w
 WHERE (:standing = '' OR w.standing = :standing) AND (:client = '' OR w.creditor = :client)
   AND (:desk = '' OR w.desk = :desk) AND (:segment = '' OR w.segment = :segment)
   AND (:place = '' OR replace(',' || w.places, ',' || :place, '') <> ',' || w.places)
   AND (:business < 0 OR w.business = :business)
   AND w.open_since >= :since_from AND w.open_since <= :since_to
   AND (:clients = '' OR replace(:clients, :line || w.creditor || :line, '') <> :clients)
   AND (:desks = '' OR replace(:desks, :line || w.desk || :line, '') <> :desks)
 LIMIT :most;

-- The last that was looked at; none when all were.
-- name: list_accounts_open_edge
SELECT bucket, casefile_id, open_minor
  FROM casefile
 WHERE open_currency = :currency AND open_currency > 0
   AND open_minor >= :over AND open_minor <= :under
   AND (open_minor, casefile_id) < (:key, :casefile)
 ORDER BY open_minor DESC, casefile_id DESC
 LIMIT 1 OFFSET :window;

-- Accounts by the first day on which something of them is or was due.
-- name: list_accounts_since
SELECT w.bucket, w.casefile_id, w.open_since
  FROM (SELECT bucket, casefile_id, open_currency, open_minor, open_since, standing, creditor, desk,
               segment, places, business
          FROM casefile
         WHERE open_since >= :since_from AND open_since <= :since_to AND open_since < 99999999
           AND (open_since, casefile_id) > (:key, :casefile)
         ORDER BY open_since, casefile_id
         LIMIT :window) AS w
 WHERE (:currency = 0 OR w.open_currency = :currency)
   AND w.open_minor >= :over AND w.open_minor <= :under
   AND (:standing = '' OR w.standing = :standing) AND (:client = '' OR w.creditor = :client)
   AND (:desk = '' OR w.desk = :desk) AND (:segment = '' OR w.segment = :segment)
   AND (:place = '' OR replace(',' || w.places, ',' || :place, '') <> ',' || w.places)
   AND (:business < 0 OR w.business = :business)
   AND w.open_since >= :since_from AND w.open_since <= :since_to
   AND (:clients = '' OR replace(:clients, :line || w.creditor || :line, '') <> :clients)
   AND (:desks = '' OR replace(:desks, :line || w.desk || :line, '') <> :desks)
 LIMIT :most;

-- name: list_accounts_since_edge
SELECT bucket, casefile_id, open_since
  FROM casefile
 WHERE open_since >= :since_from AND open_since <= :since_to AND open_since < 99999999
   AND (open_since, casefile_id) > (:key, :casefile)
 ORDER BY open_since, casefile_id
 LIMIT 1 OFFSET :window;

-- Accounts on which nothing is open. Their rows are wide, so the window is small.
-- name: list_accounts_clear
SELECT w.bucket, w.casefile_id, w.casefile_id
  FROM (SELECT bucket, casefile_id, open_currency, open_minor, open_since, standing, creditor, desk,
               segment, places, business
          FROM casefile
         WHERE (bucket, casefile_id) > (:key, :casefile)
         ORDER BY bucket, casefile_id
         LIMIT :window) AS w
 WHERE w.open_currency = 0 AND (:standing = '' OR w.standing = :standing) AND (:client = '' OR w.creditor = :client)
   AND (:desk = '' OR w.desk = :desk) AND (:segment = '' OR w.segment = :segment)
   AND (:place = '' OR replace(',' || w.places, ',' || :place, '') <> ',' || w.places)
   AND (:business < 0 OR w.business = :business)
   AND w.open_since >= :since_from AND w.open_since <= :since_to
   AND (:clients = '' OR replace(:clients, :line || w.creditor || :line, '') <> :clients)
   AND (:desks = '' OR replace(:desks, :line || w.desk || :line, '') <> :desks)
 LIMIT :most;

-- name: list_accounts_clear_edge
SELECT bucket, casefile_id, casefile_id
  FROM casefile
 WHERE (bucket, casefile_id) > (:key, :casefile)
 ORDER BY bucket, casefile_id
 LIMIT 1 OFFSET :window;

-- How many accounts fit, and what is open on them, by standing; among so many.
-- name: count_accounts
SELECT w.standing, COUNT(*), CAST(SUM(w.open_minor) AS BIGINT)
  FROM (SELECT bucket, casefile_id, open_currency, open_minor, open_since, standing, creditor, desk,
               segment, places, business
          FROM casefile
         WHERE open_currency = :currency AND open_currency > 0
           AND open_minor >= :over AND open_minor <= :under
         ORDER BY open_minor DESC, casefile_id DESC
         LIMIT :window) AS w
 WHERE (:client = '' OR w.creditor = :client)
   AND (:desk = '' OR w.desk = :desk) AND (:segment = '' OR w.segment = :segment)
   AND (:place = '' OR replace(',' || w.places, ',' || :place, '') <> ',' || w.places)
   AND (:business < 0 OR w.business = :business)
   AND w.open_since >= :since_from AND w.open_since <= :since_to
   AND (:clients = '' OR replace(:clients, :line || w.creditor || :line, '') <> :clients)
   AND (:desks = '' OR replace(:desks, :line || w.desk || :line, '') <> :desks)
 GROUP BY w.standing
 ORDER BY w.standing;

-- The next currency in which something is open.
-- name: list_currency_after
SELECT CAST(COALESCE(MIN(open_currency), 0) AS BIGINT) FROM casefile
 WHERE open_currency > :currency AND open_currency > 0;

-- What somebody kept.
-- name: saved_views
SELECT view_no, name, address FROM saved_view WHERE staff_no = :staff ORDER BY name, view_no
 LIMIT 50;

-- name: saved_view_add
INSERT INTO saved_view (staff_no, view_no, name, address)
    VALUES (:staff, (SELECT CAST(COALESCE(MAX(view_no), 0) + 1 AS BIGINT) FROM saved_view
                      WHERE staff_no = :staff), :name, :address)
RETURNING view_no;

-- name: saved_view_remove
DELETE FROM saved_view WHERE staff_no = :staff AND view_no = :view RETURNING name, address;
