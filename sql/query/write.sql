-- Writing the book: one row at a time, prepared, inside one transaction.

-- name: casefile_add
INSERT INTO casefile (bucket, casefile_id, reference, creditor, role, business, created_at,
                      wake_at, last_no, standing, standing_until)
    VALUES (:bucket, :casefile, :reference, :creditor, :role, :business, :created_at,
            0, :last_no, 'new', 9223372036854775807);

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
       standing_until = :until, segment = :segment, face = :face
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

-- name: instalment_add
INSERT INTO instalment (bucket, casefile_id, debt_no, instalment_no, due_day, amount_minor,
                        paid_minor, first_paid_day, last_paid_day)
    VALUES (:bucket, :casefile, :debt, :instalment, :due_day, :amount, 0, 99999999, 99999999);

-- name: instalment_money
UPDATE instalment SET due_day = :due_day, amount_minor = :amount, paid_minor = :paid,
       first_paid_day = :first, last_paid_day = :last
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt
   AND instalment_no = :instalment;

-- First and last day of what was allocated to an instalment, net of what was taken back.
-- name: instalment_paid_days
SELECT value_day, CAST(SUM(-minor) AS BIGINT)
  FROM posting AS p
 WHERE p.bucket = :bucket AND p.casefile_id = :casefile AND p.account = 'principal'
   AND p.debt_no = :debt AND p.instalment_no = :instalment
   AND EXISTS (SELECT 1 FROM posting AS q
                WHERE q.bucket = p.bucket AND q.casefile_id = p.casefile_id
                  AND q.entry_no = p.entry_no AND q.account IN ('cash', 'unapplied'))
 GROUP BY value_day
 ORDER BY value_day;

-- name: posting_add
INSERT INTO posting (bucket, casefile_id, entry_no, line_no, value_day, account, debt_no,
                     instalment_no, currency, minor)
    VALUES (:bucket, :casefile, :entry, :line, :value_day, :account, :debt, :instalment,
            :currency, :minor);

-- name: payment_add
INSERT INTO payment (bucket, casefile_id, payment_no, reference, received_day, currency, minor,
                     method, state, entry_no)
    VALUES (:bucket, :casefile, :payment, :reference, :received_day, :currency, :minor,
            :method, :state, :entry);

-- name: payment_change
UPDATE payment SET received_day = :received_day, minor = :minor, state = :state,
       entry_no = :entry
 WHERE bucket = :bucket AND casefile_id = :casefile AND payment_no = :payment;

-- name: payment_by_reference
SELECT payment_no, received_day, currency, minor, method, state, entry_no FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile AND reference = :reference;

-- name: entry_lines
SELECT line_no, value_day, account, debt_no, instalment_no, currency, minor FROM posting
 WHERE bucket = :bucket AND casefile_id = :casefile AND entry_no = :entry
 ORDER BY line_no;

-- name: fact_add
INSERT INTO fact (bucket, casefile_id, fact_no, type, party_no, debt_no, other_no, at, until_at, scope,
                  value, channel, weekdays, from_second, to_second, detail, source)
    VALUES (:bucket, :casefile, :fact, :type, :party, :debt, :other, :at, :until, :scope, :value,
            :channel, :weekdays, :from_second, :to_second, :detail, :source);

-- name: fact_end
UPDATE fact SET until_at = :until
 WHERE bucket = :bucket AND casefile_id = :casefile AND fact_no = :fact
RETURNING type;

-- name: contact_add
INSERT INTO contact (bucket, casefile_id, contact_no, at, channel, direction, outcome, party_no,
                     debts, address, purpose, note)
    VALUES (:bucket, :casefile, :contact, :at, :channel, :direction, :outcome, :party, :debts,
            :address, :purpose, :note);

-- name: promise_add
INSERT INTO promise (bucket, casefile_id, promise_no, currency, minor, made_day, due_day, state,
                     state_day)
    VALUES (:bucket, :casefile, :promise, :currency, :minor, :made_day, :due_day, 'open',
            :made_day);

-- name: promise_get
SELECT currency, minor, due_day FROM promise
 WHERE bucket = :bucket AND casefile_id = :casefile AND promise_no = :promise;

-- name: promise_settle
UPDATE promise SET state = :state, state_day = :day
 WHERE bucket = :bucket AND casefile_id = :casefile AND promise_no = :promise;

-- name: step_add
INSERT INTO step (bucket, casefile_id, debt_no, instalment_no, ladder, step, day, decision_seq)
    VALUES (:bucket, :casefile, :debt, :instalment, :ladder, :step, :day, :decision);

-- name: outbox_add
INSERT INTO outbox (bucket, casefile_id, outbox_no, decision_seq, channel, party_no, address,
                    template, step, purpose, debts, currency, open_minor, decided_at, not_before,
                    expires_at, state, state_at, attempts, lease_until, lease)
    VALUES (:bucket, :casefile, :outbox, :decision, :channel, :party, :address, :template,
            :step, :purpose, :debts, :currency, :open_minor, :now, :not_before, :expires_at, 'ready',
            :now, 0, 0, 0);

-- An older message that was never sent is overtaken by a newer one.
-- name: outbox_overtake
UPDATE outbox SET state = 'expired', state_at = :now, state_reason = 'overtaken'
 WHERE bucket = :bucket AND casefile_id = :casefile AND state = 'ready' AND channel <> 'call'
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

-- name: point_merge
INSERT INTO contact_point (bucket, casefile_id, point_no, party_no, channel, address, state, source)
    VALUES (:bucket, :casefile, :point, :party, :channel, :address, 'good', :source)
    ON CONFLICT (bucket, casefile_id, point_no) DO UPDATE
       SET address = excluded.address, state = 'good', source = excluded.source
     WHERE contact_point.address <> excluded.address
RETURNING point_no;

-- name: party_get
SELECT name, language, places, zones, clues FROM party
 WHERE bucket = :bucket AND casefile_id = :casefile AND party_no = :party;

-- name: debt_get
SELECT reference, kind, description, currency, invoice_day, terms FROM debt
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt;

-- name: instalments_of_debt
SELECT instalment_no, due_day, amount_minor, paid_minor, first_paid_day, last_paid_day
  FROM instalment
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt
 ORDER BY instalment_no;

-- Open instalments of one currency, oldest due date first; :debt 0 for all debts.
-- name: instalments_payable
SELECT i.debt_no, i.instalment_no, i.due_day, i.amount_minor, i.paid_minor, i.first_paid_day,
       i.last_paid_day
  FROM instalment AS i JOIN debt AS d
    ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id AND d.debt_no = i.debt_no
 WHERE i.bucket = :bucket AND i.casefile_id = :casefile AND i.paid_minor < i.amount_minor
   AND d.currency = :currency AND (:debt = 0 OR i.debt_no = :debt)
 ORDER BY i.due_day, i.debt_no, i.instalment_no;

-- Interest, fees and costs that are open, by debt.
-- name: charges_open
SELECT account, debt_no, CAST(SUM(minor) AS BIGINT) FROM posting
 WHERE bucket = :bucket AND casefile_id = :casefile AND currency = :currency
   AND account IN ('interest', 'fees', 'costs') AND (:debt = 0 OR debt_no = :debt)
 GROUP BY account, debt_no HAVING SUM(minor) > 0
 ORDER BY account DESC, debt_no;
