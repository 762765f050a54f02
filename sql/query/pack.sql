-- Evidence packs: everything of one case file, in the order in which it came.

-- name: pack_records
SELECT seq, at, kind, outcome, channel, rule, actor, record, question, hash
  FROM journal
 WHERE bucket = :bucket AND casefile_id = :casefile AND seq > :after
 ORDER BY seq
 LIMIT 256;

-- Records of a bucket, whosever they are: for what the chain needs of them.
-- name: pack_bodies
SELECT seq, casefile_id, at, kind, record, hash
  FROM journal
 WHERE bucket = :bucket AND seq > :after AND seq <= :last
 ORDER BY seq
 LIMIT 256;

-- name: pack_head
SELECT seq, hash FROM bucket_head WHERE bucket = :bucket;

-- name: pack_casefile
SELECT reference, creditor, desk, role, business, created_at, standing, standing_reason,
       standing_rule, segment
  FROM casefile WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: pack_parties
SELECT party_no, role, name, language, places, zones
  FROM party WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY party_no;

-- name: pack_points
SELECT point_no, party_no, channel, address, state, source
  FROM contact_point WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY point_no;

-- name: pack_debts
SELECT debt_no, reference, kind, description, currency, invoice_day, terms
  FROM debt WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY debt_no;

-- name: pack_instalments
SELECT i.debt_no, i.instalment_no, i.due_day, d.currency, i.amount_minor, i.paid_minor,
       i.charges_minor, i.disputed_minor
  FROM instalment AS i
  JOIN debt AS d ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id AND d.debt_no = i.debt_no
 WHERE i.bucket = :bucket AND i.casefile_id = :casefile
 ORDER BY i.debt_no, i.instalment_no;

-- name: pack_facts
SELECT fact_no, type, party_no, debt_no, at, until_at, scope, value, channel, detail, source
  FROM fact WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY fact_no;

-- name: pack_contacts
SELECT contact_no, at, channel, direction, outcome, party_no, debts, address, purpose, note, author
  FROM contact WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY contact_no;

-- name: pack_notes
SELECT note_no, at, ended_at, text, author
  FROM note WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY note_no;

-- name: pack_promises
SELECT promise_no, plan_no, item_no, currency, minor, made_day, due_day, channel, note, state,
       state_day
  FROM promise WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY promise_no;

-- name: pack_plans
SELECT plan_no, offer_no, replaces_no, state, state_day, currency, total_minor, debts, schedule,
       made_day, agreed_by, evidence, author, reason
  FROM plan WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY plan_no;

-- name: pack_offers
SELECT offer_no, answers_no, made_by, state, state_day, currency, balance_minor, minor, first_day,
       expires_day, debts, residual, plan_no, author, approver, reason
  FROM offer WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY offer_no;

-- name: pack_disputes
SELECT dispute_no, debt_no, instalment_no, component, line, currency, minor, reason, channel, note,
       received_day, answer_day, state, state_day, answer, corrected_minor, author
  FROM dispute WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY dispute_no;

-- name: pack_complaints
SELECT complaint_no, fact_no, channel, words, received_day, acknowledge_day, answer_day,
       acknowledged_day, state, state_day, result, cause, changed, answer, author
  FROM complaint WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY complaint_no;

-- name: pack_outbox
SELECT outbox_no, decision_seq, channel, party_no, address, template, step, purpose, debts, currency,
       open_minor, decided_at, not_before, state, state_at, state_reason
  FROM outbox WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY outbox_no;

-- name: pack_payments
SELECT payment_no, reference, received_day, currency, minor, refunded_minor, method, debt_no, state,
       state_day, reason
  FROM payment WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY payment_no;

-- name: pack_movements
SELECT movement_no, kind, value_day, due_day, debt_no, instalment_no, component, currency, minor,
       reference, origin, ground, reason, author, at, ended_at
  FROM movement WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY movement_no;

-- name: pack_postings
SELECT entry_no, line_no, value_day, posted_at, cause, takes_back, account, debt_no, instalment_no,
       currency, minor
  FROM posting WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY entry_no, line_no;

-- Messages as they were sent, one at a time: their bytes may be many.
-- name: pack_message_of
SELECT o.casefile_id, o.outbox_no, o.channel
  FROM outbox AS o
  JOIN message AS m ON m.bucket = o.bucket AND m.casefile_id = o.casefile_id
       AND m.outbox_no = o.outbox_no
 WHERE o.bucket = :bucket AND o.casefile_id = :casefile AND o.decision_seq = :seq;

-- name: pack_message_bytes
SELECT bytes FROM message
 WHERE bucket = :bucket AND casefile_id = :casefile AND outbox_no = :outbox;

-- name: pack_papers
SELECT evidence_no, origin, name, digest, author, at
  FROM evidence WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY evidence_no;

-- name: pack_statements
SELECT statement_no, kind, from_day, to_day, at, replaces_no, digest
  FROM statement WHERE bucket = :bucket AND casefile_id = :casefile ORDER BY statement_no;

-- name: pack_statement_bytes
SELECT bytes FROM statement
 WHERE bucket = :bucket AND casefile_id = :casefile AND statement_no = :statement;
