-- Writing the book: one row at a time, prepared, inside one transaction.

-- name: casefile_add
INSERT INTO casefile (bucket, casefile_id, reference, creditor, desk, role, business, created_at,
                      wake_at, last_no, books_day, open_currency, open_minor, open_since, places,
                      standing, standing_until)
    VALUES (:bucket, :casefile, :reference, :creditor, '', :role, :business, :created_at,
            0, :last_no, 99999999, 0, 0, 99999999, :places, 'new', 9223372036854775807);

-- name: casefile_find
SELECT reference, creditor, role, business, last_no FROM casefile
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- An event: whatever the last cycle concluded may be different now.
-- name: casefile_wake
UPDATE casefile SET wake_at = 0, last_no = :last_no, face = NULL
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- The same, where no number was given out.
-- name: casefile_stir
UPDATE casefile SET wake_at = 0, face = NULL
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: casefile_settle
UPDATE casefile SET wake_at = :wake_at, last_no = :last_no, standing = :standing,
       standing_reason = :reason, standing_rule = :rule, standing_step = :step,
       standing_until = :until, strategy = :strategy, segment = :segment, face = :face
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: casefile_terms
UPDATE casefile SET creditor = :creditor, role = :role, business = :business, face = NULL
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: party_put
INSERT INTO party (bucket, casefile_id, party_no, role, name, language, places, zones, clues)
    VALUES (:bucket, :casefile, :party, :role, :name, :language, :places, :zones, :clues)
    ON CONFLICT (bucket, casefile_id, party_no) DO UPDATE
       SET role = excluded.role, name = excluded.name, language = excluded.language,
           places = excluded.places, zones = excluded.zones, clues = excluded.clues;

-- name: point_put
INSERT INTO contact_point (bucket, casefile_id, point_no, party_no, channel, address, state, source)
    VALUES (:bucket, :casefile, :point, :party, :channel, :address, :state, :source)
    ON CONFLICT (bucket, casefile_id, point_no) DO UPDATE
       SET channel = excluded.channel, address = excluded.address, state = excluded.state,
           source = excluded.source;

-- name: debt_add
INSERT INTO debt (bucket, casefile_id, debt_no, reference, kind, description, currency,
                  invoice_day, terms)
    VALUES (:bucket, :casefile, :debt, :reference, :kind, :description, :currency,
            :invoice_day, :terms);

-- name: debt_list
SELECT debt_no, reference, kind, description, currency, invoice_day, terms FROM debt
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY debt_no;

-- name: debt_change
UPDATE debt SET kind = :kind, description = :description, invoice_day = :invoice_day,
       terms = :terms
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt;

-- An instalment as the books have it.
-- name: instalment_put
INSERT INTO instalment (bucket, casefile_id, debt_no, instalment_no, due_day, amount_minor,
                        paid_minor, first_change_day, last_change_day, last_paid_day,
                        charges_minor, grace_days, disputed_minor)
    VALUES (:bucket, :casefile, :debt, :instalment, :due_day, :amount, :paid, :first, :last,
            :last_paid, :charges, :grace, :disputed)
    ON CONFLICT (bucket, casefile_id, debt_no, instalment_no) DO UPDATE
       SET due_day = excluded.due_day, amount_minor = excluded.amount_minor,
           paid_minor = excluded.paid_minor, first_change_day = excluded.first_change_day,
           last_change_day = excluded.last_change_day,
           last_paid_day = excluded.last_paid_day, charges_minor = excluded.charges_minor,
           grace_days = excluded.grace_days, disputed_minor = excluded.disputed_minor;

-- What was agreed to be owed of each instalment; not what was paid, credited or waived since.
-- name: instalments_placed
SELECT instalment_no, movement_no, value_day, due_day, minor
  FROM movement
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt
   AND kind = 'placed' AND ended_at = 9223372036854775807
 ORDER BY instalment_no;

-- name: instalment_charges
SELECT debt_no, instalment_no, charges_minor FROM instalment
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY debt_no, instalment_no;

-- name: debt_open
SELECT CAST(COALESCE(SUM(amount_minor - paid_minor), 0) AS BIGINT) FROM instalment
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt;

-- name: movement_add
INSERT INTO movement (bucket, casefile_id, movement_no, kind, value_day, due_day, debt_no,
                      instalment_no, component, currency, minor, reference, origin, ground, reason,
                      author, at, ended_at)
    VALUES (:bucket, :casefile, :movement, :kind, :value_day, :due_day, :debt, :instalment,
            :component, :currency, :minor, :reference, :origin, :ground, :reason, :author, :now,
            9223372036854775807);

-- name: movement_get
SELECT movement_no, kind, value_day, due_day, debt_no, instalment_no, component, currency, minor,
       reference, origin, ground, reason, author, ended_at
  FROM movement
 WHERE bucket = :bucket AND casefile_id = :casefile AND movement_no = :movement;

-- The terms of a debt, one after the other.
-- name: movements_terms
SELECT movement_no, kind, value_day, due_day, debt_no, instalment_no, component, currency, minor,
       reference
  FROM movement
 WHERE bucket = :bucket AND casefile_id = :casefile AND kind = 'terms' AND debt_no = :debt
   AND ended_at = 9223372036854775807
 ORDER BY value_day, movement_no;

-- name: movement_end
UPDATE movement SET ended_at = :now
 WHERE bucket = :bucket AND casefile_id = :casefile AND movement_no = :movement
   AND ended_at = 9223372036854775807
RETURNING movement_no;

-- Everything that comes from one payment, plan, dispute, … and still holds.
-- name: movements_from
SELECT movement_no, kind, value_day, due_day, debt_no, instalment_no, component, currency, minor,
       reference, ground, reason, author
  FROM movement
 WHERE bucket = :bucket AND casefile_id = :casefile AND origin = :origin
   AND ended_at = 9223372036854775807
 ORDER BY movement_no;

-- Everything that holds, as known at a moment.
-- name: movements_known
SELECT movement_no, kind, value_day, due_day, debt_no, instalment_no, component, currency, minor,
       reference, origin, ground, reason, author, at
  FROM movement
 WHERE bucket = :bucket AND casefile_id = :casefile AND at <= :known AND ended_at > :known
 ORDER BY movement_no;

-- name: books_get
SELECT books, open_currency, open_minor, open_since FROM casefile
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: books_put
UPDATE casefile SET books = :books, books_day = :day, last_no = :last_no,
       open_currency = :open_currency, open_minor = :open_minor, open_since = :open_since
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- The same, where what is open is as before.
-- name: books_only_put
UPDATE casefile SET books = :books, books_day = :day, last_no = :last_no
 WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: casefile_places
UPDATE casefile SET places = :places
 WHERE bucket = :bucket AND casefile_id = :casefile AND places <> :places;

-- Case files of the bucket that are to be woken, and whose books change by themselves by a day.
-- name: books_due
SELECT casefile_id FROM casefile
 WHERE bucket = :bucket AND wake_at <= :wake AND books_day <= :day
 ORDER BY casefile_id;

-- Entries that stand: neither taken back nor taking back.
-- name: entries_standing
SELECT p.entry_no, p.cause, p.value_day, p.currency, p.account, p.debt_no, p.instalment_no, p.minor
  FROM posting AS p
 WHERE p.bucket = :bucket AND p.casefile_id = :casefile AND p.takes_back = 0
   AND p.entry_no NOT IN (SELECT q.takes_back FROM posting AS q
                           WHERE q.bucket = :bucket AND q.casefile_id = :casefile
                             AND q.takes_back <> 0)
 ORDER BY p.entry_no, p.line_no;

-- name: posting_add
INSERT INTO posting (bucket, casefile_id, entry_no, line_no, value_day, posted_at, cause,
                     takes_back, account, debt_no, instalment_no, currency, minor)
    VALUES (:bucket, :casefile, :entry, :line, :value_day, :posted_at, :cause, :takes_back,
            :account, :debt, :instalment, :currency, :minor);

-- name: payment_add
INSERT INTO payment (bucket, casefile_id, payment_no, reference, received_day, currency, minor,
                     refunded_minor, method, debt_no, state, state_day, reason)
    VALUES (:bucket, :casefile, :payment, :reference, :received_day, :currency, :minor, 0,
            :method, :debt, :state, :state_day, NULL);

-- name: payment_change
UPDATE payment SET received_day = :received_day, minor = :minor, debt_no = :debt, state = :state,
       state_day = :state_day, reason = :reason
 WHERE bucket = :bucket AND casefile_id = :casefile AND payment_no = :payment;

-- name: payment_refunded
UPDATE payment SET refunded_minor = refunded_minor + :minor
 WHERE bucket = :bucket AND casefile_id = :casefile AND payment_no = :payment;

-- name: payment_by_reference
SELECT payment_no, received_day, currency, minor, method, state, debt_no, refunded_minor, reason
  FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile AND reference = :reference;

-- name: fact_add
INSERT INTO fact (bucket, casefile_id, fact_no, type, party_no, debt_no, other_no, at, until_at, scope,
                  value, channel, weekdays, from_second, to_second, detail, source)
    VALUES (:bucket, :casefile, :fact, :type, :party, :debt, :other, :at, :until, :scope, :value,
            :channel, :weekdays, :from_second, :to_second, :detail, :source);

-- name: fact_end
UPDATE fact SET until_at = :until
 WHERE bucket = :bucket AND casefile_id = :casefile AND fact_no = :fact
RETURNING type;

-- name: fact_get
SELECT type, party_no, debt_no, other_no, until_at, scope, value, channel, weekdays, from_second,
       to_second, detail, source
  FROM fact
 WHERE bucket = :bucket AND casefile_id = :casefile AND fact_no = :fact;

-- name: contact_add
INSERT INTO contact (bucket, casefile_id, contact_no, at, channel, direction, outcome, party_no,
                     debts, address, purpose, note, callback_at, author)
    VALUES (:bucket, :casefile, :contact, :at, :channel, :direction, :outcome, :party, :debts,
            :address, :purpose, :note, :callback, :author);

-- name: promise_add
INSERT INTO promise (bucket, casefile_id, promise_no, plan_no, item_no, currency, minor, made_day,
                     due_day, channel, note, state, state_day, notice_no, debit_no, author)
    VALUES (:bucket, :casefile, :promise, :plan, :item, :currency, :minor, :made_day, :due_day,
            :channel, :note, 'open', :made_day, 0, 0, :author);

-- name: promise_end
UPDATE promise SET state = :state, state_day = :day
 WHERE bucket = :bucket AND casefile_id = :casefile AND promise_no = :promise AND state = 'open'
RETURNING promise_no;

-- name: promise_get
SELECT currency, minor, due_day, plan_no, item_no, state FROM promise
 WHERE bucket = :bucket AND casefile_id = :casefile AND promise_no = :promise;

-- name: promise_settle
UPDATE promise SET state = :state, state_day = :day
 WHERE bucket = :bucket AND casefile_id = :casefile AND promise_no = :promise;

-- name: promise_debit
UPDATE promise SET notice_no = :notice, debit_no = :debit
 WHERE bucket = :bucket AND casefile_id = :casefile AND promise_no = :promise;

-- name: plan_add
INSERT INTO plan (bucket, casefile_id, plan_no, offer_no, replaces_no, state, state_day, version,
                  currency, total_minor, debts, schedule, made_day, interest_frozen, cure_days,
                  resumes_day, notice_days, autopay, agreed_by, evidence, author, reason)
    VALUES (:bucket, :casefile, :plan, :offer, :replaces, 'active', :made_day, 1, :currency,
            :total, :debts, :schedule, :made_day, :frozen, :cure_days, 99999999, :notice_days,
            :autopay, :agreed_by, :evidence, :author, :reason);

-- name: plan_get
SELECT plan_no, offer_no, replaces_no, state, state_day, version, currency, total_minor, debts,
       schedule, made_day, interest_frozen, cure_days, resumes_day, notice_days, autopay,
       agreed_by, evidence, author, reason
  FROM plan
 WHERE bucket = :bucket AND casefile_id = :casefile AND plan_no = :plan;

-- What belongs to the plan, the first due first.
-- name: plan_items
SELECT promise_no, item_no, minor, due_day, state, state_day FROM promise
 WHERE bucket = :bucket AND casefile_id = :casefile AND plan_no = :plan AND item_no > 0
 ORDER BY due_day, promise_no;

-- name: plan_change
UPDATE plan SET state = :state, state_day = :state_day, version = :version,
       schedule = :schedule, resumes_day = :resumes_day, reason = :reason
 WHERE bucket = :bucket AND casefile_id = :casefile AND plan_no = :plan;

-- name: plan_settle
UPDATE plan SET state = :state, state_day = :state_day
 WHERE bucket = :bucket AND casefile_id = :casefile AND plan_no = :plan;

-- name: plan_item_move
UPDATE promise SET due_day = :due_day
 WHERE bucket = :bucket AND casefile_id = :casefile AND promise_no = :promise;

-- Out of its plan: another instalment takes its place.
-- name: plan_item_out
UPDATE promise SET state = 'withdrawn', state_day = :day, item_no = 0
 WHERE bucket = :bucket AND casefile_id = :casefile AND promise_no = :promise;

-- name: offer_add
INSERT INTO offer (bucket, casefile_id, offer_no, answers_no, made_by, state, state_day, currency,
                   balance_minor, minor, down_minor, instalments, schedule, first_day, expires_day,
                   debts, residual, void_on_default, plan_no, author, role, approver, reason,
                   made_at)
    VALUES (:bucket, :casefile, :offer, :answers, :made_by, :state, :state_day, :currency,
            :balance, :minor, :down, :instalments, :schedule, :first_day, :expires_day, :debts,
            :residual, :void, 0, :author, :role, NULL, :reason, :now);

-- name: offer_get
SELECT offer_no, answers_no, made_by, state, state_day, currency, balance_minor, minor,
       down_minor, instalments, schedule, first_day, expires_day, debts, residual,
       void_on_default, plan_no, author, role, approver, reason, made_at
  FROM offer
 WHERE bucket = :bucket AND casefile_id = :casefile AND offer_no = :offer;

-- name: offer_change
UPDATE offer SET state = :state, state_day = :state_day, plan_no = :plan, author = :author,
       role = :role, approver = :approver
 WHERE bucket = :bucket AND casefile_id = :casefile AND offer_no = :offer;

-- name: offer_settle
UPDATE offer SET state = :state, state_day = :state_day
 WHERE bucket = :bucket AND casefile_id = :casefile AND offer_no = :offer;

-- name: step_add
INSERT INTO step (bucket, casefile_id, debt_no, instalment_no, ladder, step, day, decision_seq)
    VALUES (:bucket, :casefile, :debt, :instalment, :ladder, :step, :day, :decision);

-- name: outbox_add
INSERT INTO outbox (bucket, casefile_id, outbox_no, decision_seq, channel, party_no, address,
                    template, step, purpose, debts, currency, open_minor, decided_at, not_before,
                    expires_at, state, state_at, attempts, lease_until, lease, subject, words)
    VALUES (:bucket, :casefile, :outbox, :decision, :channel, :party, :address, :template,
            :step, :purpose, :debts, :currency, :open_minor, :now, :not_before, :expires_at, 'ready',
            :now, 0, 0, 0, :subject, :words);

-- An older message that was never sent is overtaken by a newer one.
-- name: outbox_overtake
UPDATE outbox SET state = 'expired', state_at = :now, state_reason = 'overtaken'
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'ready' AND channel <> 'call'
   AND template NOT IN ('debit-notice', 'debit-notice-third-party', 'payment-agreement',
                        'payment-agreement-third-party')
   AND words IS NULL
RETURNING outbox_no;

-- A call that was planned, and that somebody made by themselves.
-- name: outbox_called
UPDATE outbox SET state = 'expired', state_at = :now, state_reason = 'called'
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'ready' AND channel = 'call'
RETURNING outbox_no;

-- name: reference_put
INSERT INTO reference (bucket, kind, reference, casefile_id, object_no)
    VALUES (:bucket, :kind, :reference, :casefile, :object)
    ON CONFLICT (bucket, kind, reference) DO NOTHING;

-- name: reference_find
SELECT casefile_id, object_no FROM reference
 WHERE bucket = :bucket AND kind = :kind AND reference = :reference;

-- Changes the party only where it differs: a row comes back when something changed.
-- name: party_merge
UPDATE party SET name = :name, language = :language, places = :places, zones = :zones,
       clues = :clues
 WHERE bucket = :bucket AND casefile_id = :casefile AND party_no = :party
   AND (name <> :name OR language <> :language OR places <> :places OR zones <> :zones
        OR clues <> :clues)
RETURNING party_no;

-- name: point_get
SELECT address FROM contact_point
 WHERE bucket = :bucket AND casefile_id = :casefile AND point_no = :point;

-- name: party_get
SELECT name, language, places, zones, clues FROM party
 WHERE bucket = :bucket AND casefile_id = :casefile AND party_no = :party;

-- name: debt_get
SELECT reference, kind, description, currency, invoice_day, terms FROM debt
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt;
