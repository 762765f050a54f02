-- Lists over all accounts: what is in one state, in the order of the list, after a given place;
-- at most :most of them are looked at, found in an index alone (flow/book_list.h). All have the same
-- columns: bucket, case file, number, what they are sorted by; state, currency, two amounts, two
-- days, two numbers, six texts, who wrote it, the place of a decision; and whose it is.

-- name: list_promises
SELECT l.bucket, l.casefile_id, l.promise_no, l.due_day, l.state, l.currency, l.minor, 0,
       l.made_day, l.state_day, l.plan_no, l.item_no, l.channel, l.note, NULL, NULL, NULL, NULL, l.author, 0,
       c.reference, c.creditor, c.desk, p.name
  FROM (SELECT bucket, casefile_id, promise_no FROM promise
         WHERE state = :state
           AND (due_day, casefile_id, promise_no) > (:key, :casefile, :number)
           AND due_day <= :bound
         ORDER BY due_day, casefile_id, promise_no
         LIMIT :most) AS w
  JOIN promise AS l ON l.bucket = w.bucket AND l.casefile_id = w.casefile_id AND l.promise_no = w.promise_no
  JOIN casefile AS c ON c.bucket = w.bucket AND c.casefile_id = w.casefile_id
  JOIN party AS p ON p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
 ORDER BY l.due_day, l.casefile_id, l.promise_no;

-- name: list_disputes
SELECT l.bucket, l.casefile_id, l.dispute_no, l.answer_day, l.state, l.currency, l.minor,
       l.corrected_minor, l.received_day, l.state_day, l.debt_no, l.instalment_no, l.reason, l.channel,
       (SELECT d.reference FROM debt AS d
         WHERE d.bucket = l.bucket AND d.casefile_id = l.casefile_id AND d.debt_no = l.debt_no),
       l.note, l.component, l.line, l.author, 0,
       c.reference, c.creditor, c.desk, p.name
  FROM (SELECT bucket, casefile_id, dispute_no FROM dispute
         WHERE state = :state
           AND (answer_day, casefile_id, dispute_no) > (:key, :casefile, :number)
           AND answer_day <= :bound
         ORDER BY answer_day, casefile_id, dispute_no
         LIMIT :most) AS w
  JOIN dispute AS l ON l.bucket = w.bucket AND l.casefile_id = w.casefile_id AND l.dispute_no = w.dispute_no
  JOIN casefile AS c ON c.bucket = w.bucket AND c.casefile_id = w.casefile_id
  JOIN party AS p ON p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
 ORDER BY l.answer_day, l.casefile_id, l.dispute_no;

-- A hardship that nobody decided is open; one that was is decided, until it ends.
-- name: list_hardship
SELECT l.bucket, l.casefile_id, l.fact_no, l.at, :state, 0, 0,
       l.until_at, 0, 0, l.debt_no, 0, l.value, l.detail,
       (SELECT d.reference FROM debt AS d
         WHERE d.bucket = l.bucket AND d.casefile_id = l.casefile_id AND d.debt_no = l.debt_no),
       NULL, NULL, NULL, NULL, 0,
       c.reference, c.creditor, c.desk, p.name
  FROM (SELECT bucket, casefile_id, fact_no FROM fact
         WHERE type = 'hold' AND scope = 'hardship'
           AND :state = CASE WHEN until_at <= :now THEN 'ended'
                              WHEN detail IS NOT NULL AND replace(detail, 'result=', '') <> detail
                              THEN 'decided' ELSE 'open' END
           AND (at, casefile_id, fact_no) > (:key, :casefile, :number)
           AND at <= :bound
         ORDER BY at, casefile_id, fact_no
         LIMIT :most) AS w
  JOIN fact AS l ON l.bucket = w.bucket AND l.casefile_id = w.casefile_id AND l.fact_no = w.fact_no
  JOIN casefile AS c ON c.bucket = w.bucket AND c.casefile_id = w.casefile_id
  JOIN party AS p ON p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
 ORDER BY l.at, l.casefile_id, l.fact_no;

-- name: list_offers
SELECT l.bucket, l.casefile_id, l.offer_no, l.expires_day, l.state, l.currency, l.minor,
       l.balance_minor, l.first_day, l.state_day, l.plan_no, l.instalments, l.made_by, l.residual,
       l.approver, NULL, NULL, NULL, l.author, 0,
       c.reference, c.creditor, c.desk, p.name
  FROM (SELECT bucket, casefile_id, offer_no FROM offer
         WHERE state = :state
           AND (expires_day, casefile_id, offer_no) > (:key, :casefile, :number)
           AND expires_day <= :bound
         ORDER BY expires_day, casefile_id, offer_no
         LIMIT :most) AS w
  JOIN offer AS l ON l.bucket = w.bucket AND l.casefile_id = w.casefile_id AND l.offer_no = w.offer_no
  JOIN casefile AS c ON c.bucket = w.bucket AND c.casefile_id = w.casefile_id
  JOIN party AS p ON p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
 ORDER BY l.expires_day, l.casefile_id, l.offer_no;

-- name: list_plans
SELECT l.bucket, l.casefile_id, l.plan_no, l.made_day, l.state, l.currency, l.total_minor,
       (SELECT CAST(COALESCE(SUM(i.minor), 0) AS BIGINT) FROM promise AS i
         WHERE i.bucket = l.bucket AND i.casefile_id = l.casefile_id AND i.plan_no = l.plan_no
           AND i.item_no > 0 AND i.state = 'open'),
       (SELECT CAST(COALESCE(MIN(CASE WHEN i.state = 'open' THEN i.due_day END), 99999999) AS BIGINT)
          FROM promise AS i
         WHERE i.bucket = l.bucket AND i.casefile_id = l.casefile_id AND i.plan_no = l.plan_no
           AND i.item_no > 0),
       l.state_day, l.offer_no, l.version, l.schedule, l.autopay, l.agreed_by, NULL, NULL, NULL,
       l.author, 0,
       c.reference, c.creditor, c.desk, p.name
  FROM (SELECT bucket, casefile_id, plan_no FROM plan
         WHERE state = :state
           AND (made_day, casefile_id, plan_no) < (:key, :casefile, :number)
           AND made_day >= :bound
         ORDER BY made_day DESC, casefile_id DESC, plan_no DESC
         LIMIT :most) AS w
  JOIN plan AS l ON l.bucket = w.bucket AND l.casefile_id = w.casefile_id AND l.plan_no = w.plan_no
  JOIN casefile AS c ON c.bucket = w.bucket AND c.casefile_id = w.casefile_id
  JOIN party AS p ON p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
 ORDER BY l.made_day DESC, l.casefile_id DESC, l.plan_no DESC;

-- name: list_payments
SELECT l.bucket, l.casefile_id, l.payment_no, l.state_day, l.state, l.currency, l.minor,
       l.refunded_minor, l.received_day, 0, l.debt_no, 0, l.method, l.reason, l.reference, NULL, NULL,
       NULL, NULL, 0,
       c.reference, c.creditor, c.desk, p.name
  FROM (SELECT bucket, casefile_id, payment_no FROM payment
         WHERE state = :state
           AND (state_day, casefile_id, payment_no) < (:key, :casefile, :number)
           AND state_day >= :bound
         ORDER BY state_day DESC, casefile_id DESC, payment_no DESC
         LIMIT :most) AS w
  JOIN payment AS l ON l.bucket = w.bucket AND l.casefile_id = w.casefile_id AND l.payment_no = w.payment_no
  JOIN casefile AS c ON c.bucket = w.bucket AND c.casefile_id = w.casefile_id
  JOIN party AS p ON p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
 ORDER BY l.state_day DESC, l.casefile_id DESC, l.payment_no DESC;

-- name: list_messages
SELECT l.bucket, l.casefile_id, l.outbox_no, l.state_at, l.state, l.currency, l.open_minor, 0,
       l.decided_at, l.not_before, l.attempts, 0, l.channel, l.template, l.state_reason,
       (SELECT m.subject FROM message AS m
         WHERE m.bucket = l.bucket AND m.casefile_id = l.casefile_id
           AND m.outbox_no = l.outbox_no),
       l.address, l.step, NULL, l.decision_seq,
       c.reference, c.creditor, c.desk, p.name
  FROM (SELECT bucket, casefile_id, outbox_no FROM outbox
         WHERE state = :state
           AND (state_at, casefile_id, outbox_no) < (:key, :casefile, :number)
           AND state_at >= :bound
         ORDER BY state_at DESC, casefile_id DESC, outbox_no DESC
         LIMIT :most) AS w
  JOIN outbox AS l ON l.bucket = w.bucket AND l.casefile_id = w.casefile_id AND l.outbox_no = w.outbox_no
  JOIN casefile AS c ON c.bucket = w.bucket AND c.casefile_id = w.casefile_id
  JOIN party AS p ON p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = l.party_no
 ORDER BY l.state_at DESC, l.casefile_id DESC, l.outbox_no DESC;

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

-- name: count_payments
SELECT COUNT(*) FROM (SELECT 1 FROM payment WHERE state = :state AND state_day >= :from AND state_day <= :to
                       LIMIT :most) AS l;

-- name: count_messages
SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE state = :state AND state_at >= :from AND state_at <= :to
                       LIMIT :most) AS l;

-- name: count_hardship
SELECT COUNT(*) FROM (SELECT 1 FROM fact
                       WHERE type = 'hold' AND scope = 'hardship'
                         AND :state = CASE WHEN until_at <= :now THEN 'ended'
                              WHEN detail IS NOT NULL AND replace(detail, 'result=', '') <> detail
                              THEN 'decided' ELSE 'open' END
                         AND at >= :from AND at <= :to
                       LIMIT :most) AS l;

-- By what lists are narrowed: clients, desks and segments that have figures.
-- name: list_places
SELECT DISTINCT client, desk FROM figure_group
 WHERE level = 1
 LIMIT 2000;

-- name: list_segments
SELECT DISTINCT segment FROM figure_group
 WHERE level = 1 AND segment <> ''
 ORDER BY segment
 LIMIT 100;

-- What is promised for each day of two weeks, in the index alone.
-- name: promise_days
SELECT due_day, currency, COUNT(*), CAST(SUM(minor) AS BIGINT)
  FROM promise
 WHERE state = 'open' AND due_day >= :from AND due_day <= :to
 GROUP BY due_day, currency
 ORDER BY due_day, currency;

-- The same, for who sees only some: of so many.
-- name: promise_days_seen
SELECT w.due_day, w.currency, w.minor, c.creditor, c.desk
  FROM (SELECT bucket, casefile_id, due_day, currency, minor FROM promise
         WHERE state = 'open' AND due_day >= :from AND due_day <= :to
         ORDER BY due_day, casefile_id, promise_no
         LIMIT :most) AS w
  JOIN casefile AS c ON c.bucket = w.bucket AND c.casefile_id = w.casefile_id
 ORDER BY w.due_day;

-- Accounts, among the next :window of an order those that fit. All parameters but the order's own
-- are the same, in the same order.
-- By what is open on them, most first, of one currency.
-- name: list_accounts_open
SELECT w.bucket, w.casefile_id, w.open_minor
  FROM (SELECT bucket, casefile_id, open_currency, open_minor, open_since, standing, creditor, desk,
               segment, places, business
          FROM casefile
         WHERE (open_minor, casefile_id) < (:key, :casefile) AND open_minor >= :over
           AND open_currency = :currency AND open_currency > 0
         ORDER BY open_minor DESC, casefile_id DESC
         LIMIT :window) AS w
 WHERE w.open_minor <= :under AND w.open_since >= :since_from AND w.open_since <= :since_to
   AND (:standing = '' OR w.standing = :standing) AND (:client = '' OR w.creditor = :client)
   AND (:desk = '' OR w.desk = :desk) AND (:segment = '' OR w.segment = :segment)
   AND (:place = '' OR replace(',' || w.places, ',' || :place, '') <> ',' || w.places)
   AND (:business < 0 OR w.business = :business)
   AND (:language = ''
        OR EXISTS (SELECT 1 FROM party AS p
                    WHERE p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
                      AND (p.language = :language
                           OR replace(',' || p.language, ',' || :language_and_more, '')
                              <> ',' || p.language)))
   AND (:way = ''
        OR :reached = CASE WHEN EXISTS (SELECT 1 FROM contact_point AS k
                                         WHERE k.bucket = w.bucket
                                           AND k.casefile_id = w.casefile_id AND k.party_no = 1
                                           AND k.channel = :way AND k.state = 'good')
                           THEN 1 ELSE 0 END)
   AND (:clients = '' OR replace(:clients, :line || w.creditor || :line, '') <> :clients)
   AND (:desks = '' OR replace(:desks, :line || w.desk || :line, '') <> :desks)
 ORDER BY w.open_minor DESC, w.casefile_id DESC
 LIMIT :most;

-- The last that was looked at; none when all were.
-- name: list_accounts_open_edge
SELECT bucket, casefile_id, open_minor
  FROM casefile
 WHERE (open_minor, casefile_id) < (:key, :casefile) AND open_minor >= :over
   AND open_currency = :currency AND open_currency > 0
 ORDER BY open_minor DESC, casefile_id DESC
 LIMIT 1 OFFSET :window;

-- By the first day on which something of them is or was due.
-- name: list_accounts_since
SELECT w.bucket, w.casefile_id, w.open_since
  FROM (SELECT bucket, casefile_id, open_currency, open_minor, open_since, standing, creditor, desk,
               segment, places, business
          FROM casefile
         WHERE (open_since, casefile_id) > (:key, :casefile) AND open_since <= :since_to
           AND open_since < 99999999
         ORDER BY open_since, casefile_id
         LIMIT :window) AS w
 WHERE w.open_minor >= :over AND w.open_minor <= :under
   AND (:currency = 0 OR w.open_currency = :currency)
   AND (:standing = '' OR w.standing = :standing) AND (:client = '' OR w.creditor = :client)
   AND (:desk = '' OR w.desk = :desk) AND (:segment = '' OR w.segment = :segment)
   AND (:place = '' OR replace(',' || w.places, ',' || :place, '') <> ',' || w.places)
   AND (:business < 0 OR w.business = :business)
   AND (:language = ''
        OR EXISTS (SELECT 1 FROM party AS p
                    WHERE p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
                      AND (p.language = :language
                           OR replace(',' || p.language, ',' || :language_and_more, '')
                              <> ',' || p.language)))
   AND (:way = ''
        OR :reached = CASE WHEN EXISTS (SELECT 1 FROM contact_point AS k
                                         WHERE k.bucket = w.bucket
                                           AND k.casefile_id = w.casefile_id AND k.party_no = 1
                                           AND k.channel = :way AND k.state = 'good')
                           THEN 1 ELSE 0 END)
   AND (:clients = '' OR replace(:clients, :line || w.creditor || :line, '') <> :clients)
   AND (:desks = '' OR replace(:desks, :line || w.desk || :line, '') <> :desks)
 ORDER BY w.open_since, w.casefile_id
 LIMIT :most;

-- name: list_accounts_since_edge
SELECT bucket, casefile_id, open_since
  FROM casefile
 WHERE (open_since, casefile_id) > (:key, :casefile) AND open_since <= :since_to
   AND open_since < 99999999
 ORDER BY open_since, casefile_id
 LIMIT 1 OFFSET :window;

-- Those on which nothing is open. Their rows are wide, so the window is small.
-- name: list_accounts_clear
SELECT w.bucket, w.casefile_id, w.bucket
  FROM (SELECT bucket, casefile_id, open_currency, open_minor, open_since, standing, creditor, desk,
               segment, places, business
          FROM casefile
         WHERE (bucket, casefile_id) > (:key, :casefile)
         ORDER BY bucket, casefile_id
         LIMIT :window) AS w
 WHERE w.open_currency = 0
   AND (:standing = '' OR w.standing = :standing) AND (:client = '' OR w.creditor = :client)
   AND (:desk = '' OR w.desk = :desk) AND (:segment = '' OR w.segment = :segment)
   AND (:place = '' OR replace(',' || w.places, ',' || :place, '') <> ',' || w.places)
   AND (:business < 0 OR w.business = :business)
   AND (:language = ''
        OR EXISTS (SELECT 1 FROM party AS p
                    WHERE p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
                      AND (p.language = :language
                           OR replace(',' || p.language, ',' || :language_and_more, '')
                              <> ',' || p.language)))
   AND (:way = ''
        OR :reached = CASE WHEN EXISTS (SELECT 1 FROM contact_point AS k
                                         WHERE k.bucket = w.bucket
                                           AND k.casefile_id = w.casefile_id AND k.party_no = 1
                                           AND k.channel = :way AND k.state = 'good')
                           THEN 1 ELSE 0 END)
   AND (:clients = '' OR replace(:clients, :line || w.creditor || :line, '') <> :clients)
   AND (:desks = '' OR replace(:desks, :line || w.desk || :line, '') <> :desks)
 ORDER BY w.bucket, w.casefile_id
 LIMIT :most;

-- name: list_accounts_clear_edge
SELECT bucket, casefile_id, bucket
  FROM casefile
 WHERE (bucket, casefile_id) > (:key, :casefile)
 ORDER BY bucket, casefile_id
 LIMIT 1 OFFSET :window;

-- How many accounts fit, by standing, with all that were looked at: the first :window that owe.
-- name: count_accounts
SELECT w.standing, COUNT(*)
  FROM (SELECT bucket, casefile_id, open_currency, open_minor, open_since, standing, creditor, desk,
               segment, places, business
          FROM casefile
         WHERE open_since < 99999999
         ORDER BY open_since, casefile_id
         LIMIT :window) AS w
 WHERE w.open_since >= :since_from AND w.open_since <= :since_to
   AND w.open_minor >= :over AND w.open_minor <= :under
   AND (:currency = 0 OR w.open_currency = :currency)
   AND (:standing = '' OR w.standing = :standing) AND (:client = '' OR w.creditor = :client)
   AND (:desk = '' OR w.desk = :desk) AND (:segment = '' OR w.segment = :segment)
   AND (:place = '' OR replace(',' || w.places, ',' || :place, '') <> ',' || w.places)
   AND (:business < 0 OR w.business = :business)
   AND (:language = ''
        OR EXISTS (SELECT 1 FROM party AS p
                    WHERE p.bucket = w.bucket AND p.casefile_id = w.casefile_id AND p.party_no = 1
                      AND (p.language = :language
                           OR replace(',' || p.language, ',' || :language_and_more, '')
                              <> ',' || p.language)))
   AND (:way = ''
        OR :reached = CASE WHEN EXISTS (SELECT 1 FROM contact_point AS k
                                         WHERE k.bucket = w.bucket
                                           AND k.casefile_id = w.casefile_id AND k.party_no = 1
                                           AND k.channel = :way AND k.state = 'good')
                           THEN 1 ELSE 0 END)
   AND (:clients = '' OR replace(:clients, :line || w.creditor || :line, '') <> :clients)
   AND (:desks = '' OR replace(:desks, :line || w.desk || :line, '') <> :desks)
 GROUP BY w.standing
 ORDER BY w.standing;

-- Whether more owe than are counted.
-- name: count_accounts_edge
SELECT casefile_id FROM casefile
 WHERE open_since < 99999999
 ORDER BY open_since, casefile_id
 LIMIT 1 OFFSET :window;

-- The next currency in which something is open.
-- name: list_currency_after
SELECT CAST(COALESCE(MIN(open_currency), 0) AS BIGINT) FROM casefile
 WHERE open_currency > :currency AND open_currency > 0;

-- ---- Lists that somebody kept ------------------------------------------------------------------

-- Their own of one list, and those that others share with everybody, or with a desk of theirs.
-- name: saved_views
SELECT v.staff_no, v.view_no, v.name, v.query, v.desk, s.name
  FROM saved_view AS v JOIN staff AS s ON s.staff_no = v.staff_no
 WHERE v.list = :list
   AND (v.staff_no = :staff
        OR (v.desk IS NOT NULL AND s.state <> 'disabled'
            AND (v.desk = '' OR :desks = ''
                 OR replace(:desks, :line || v.desk || :line, '') <> :desks)))
 ORDER BY v.name, v.staff_no, v.view_no
 LIMIT 60;

-- name: saved_view_get
SELECT list, name, query, desk FROM saved_view WHERE staff_no = :staff AND view_no = :view;

-- name: saved_view_count
SELECT COUNT(*), CAST(COALESCE(MAX(view_no), 0) AS BIGINT) FROM saved_view WHERE staff_no = :staff;

-- name: saved_view_add
INSERT INTO saved_view (staff_no, view_no, list, name, query, desk)
    VALUES (:staff, :view, :list, :name, :query, :desk);

-- name: saved_view_rename
UPDATE saved_view SET name = :name, desk = :desk WHERE staff_no = :staff AND view_no = :view;

-- name: saved_view_remove
DELETE FROM saved_view WHERE staff_no = :staff AND view_no = :view;

-- One account, found by words: what they read, and whether an address of this channel is good.
-- name: account_reached
SELECT p.language,
       CASE WHEN EXISTS (SELECT 1 FROM contact_point AS k
                          WHERE k.bucket = p.bucket AND k.casefile_id = p.casefile_id
                            AND k.party_no = 1 AND k.channel = :way AND k.state = 'good')
            THEN 1 ELSE 0 END
  FROM party AS p
 WHERE p.bucket = :bucket AND p.casefile_id = :casefile AND p.party_no = 1;
