-- Figures that are kept: from case files to tracks, and from tracks to sums. store/tracks.c and
-- store/kept_figures.c use these; domain/figure.h says what they are.

-- ---- What a track is made of, case files in the order of their keys ---------------------------

-- name: track_heads
SELECT c.casefile_id, c.creditor, c.desk, c.role, c.segment, c.standing, c.standing_rule, p.zones,
       c.strategy, p.language, p.places
  FROM casefile AS c/*of*/
  LEFT JOIN party AS p
    ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
 WHERE /*chosen*/
 ORDER BY c.casefile_id;

-- name: track_items
SELECT i.casefile_id, i.debt_no, i.instalment_no, i.due_day, i.amount_minor, d.currency,
       d.invoice_day
  FROM instalment AS i/*of*/ CROSS JOIN debt AS d
 WHERE /*chosen*/
   AND d.bucket = i.bucket AND d.casefile_id = i.casefile_id AND d.debt_no = i.debt_no
 ORDER BY i.casefile_id, i.debt_no, i.instalment_no;

-- name: track_postings
SELECT p.casefile_id, p.entry_no, p.value_day, p.posted_at, p.account, p.debt_no,
       p.instalment_no, p.currency, p.minor
  FROM posting AS p/*of*/
 WHERE /*chosen*/
 ORDER BY p.casefile_id, p.entry_no, p.line_no;

-- name: track_promises
SELECT p.casefile_id, p.currency, p.minor, p.made_day, p.due_day, p.state, p.state_day, p.plan_no,
       p.author
  FROM promise AS p/*of*/
 WHERE /*chosen*/
 ORDER BY p.casefile_id, p.promise_no;

-- name: track_contacts
SELECT k.casefile_id, k.at, k.channel, k.direction, k.outcome, k.author
  FROM contact AS k/*of*/
 WHERE /*chosen*/ AND k.outcome NOT IN ('none', 'planned')
 ORDER BY k.casefile_id, k.contact_no;

-- What a person wrote is theirs: the record of its decision says whose.
-- name: track_messages
SELECT o.casefile_id, o.not_before, o.channel, o.state, o.step, o.purpose,
       CASE WHEN o.words IS NULL THEN NULL
            ELSE (SELECT j.actor FROM journal AS j
                   WHERE j.bucket = o.bucket AND j.seq = o.decision_seq) END
  FROM outbox AS o/*of*/
 WHERE /*chosen*/ AND o.state IN ('sent', 'delivered', 'bounced')
 ORDER BY o.casefile_id, o.outbox_no;

-- Who answered stands in the journal: a record says which dispute it is about, and how it stands.
-- name: track_disputes
SELECT d.casefile_id, d.received_day, d.state_day, d.state, d.reason,
       CASE WHEN d.state <> 'open'
            THEN (SELECT j.actor FROM journal AS j
                   WHERE j.bucket = d.bucket AND j.casefile_id = d.casefile_id
                     AND j.kind = 'dispute'
                     AND SUBSTR(j.record, 1, LENGTH('{"dispute":' || d.dispute_no
                                                    || ',"state":"' || d.state || '",'))
                         = '{"dispute":' || d.dispute_no || ',"state":"' || d.state || '",'
                   ORDER BY j.seq DESC LIMIT 1) END
  FROM dispute AS d/*of*/
 WHERE /*chosen*/
 ORDER BY d.casefile_id, d.dispute_no;

-- name: track_complaints
SELECT g.casefile_id, g.received_day
  FROM complaint AS g/*of*/
 WHERE /*chosen*/
 ORDER BY g.casefile_id, g.complaint_no;

-- What was decided of a hardship is a fact; its record says by whom.
-- name: track_facts
SELECT f.casefile_id, f.type, f.debt_no, f.at, f.until_at, f.scope, f.detail,
       CASE WHEN f.scope = 'hardship'
            THEN (SELECT MAX(j.actor) FROM journal AS j
                   WHERE j.bucket = f.bucket AND j.casefile_id = f.casefile_id
                     AND j.kind = 'fact'
                     AND SUBSTR(j.record, 1, LENGTH('{"fact":' || f.fact_no || ','))
                         = '{"fact":' || f.fact_no || ',') END
  FROM fact AS f/*of*/
 WHERE /*chosen*/ AND f.type IN ('opt_out', 'cease', 'hold', 'dispute')
 ORDER BY f.casefile_id, f.fact_no;

-- Plans that came to stand; those by which a settlement is paid were not asked for by themselves.
-- name: track_plans
SELECT p.casefile_id, p.made_day
  FROM plan AS p/*of*/
 WHERE /*chosen*/ AND p.offer_no = 0
 ORDER BY p.casefile_id, p.plan_no;

-- Plans that were asked for and declined. They stand beside the case files; few are.
-- name: track_declined
SELECT c.casefile_id, a.decided_at
  FROM casefile AS c/*of*/ CROSS JOIN approval AS a
 WHERE /*chosen*/ AND a.kind = 'plan' AND a.state = 'declined' AND a.subject = c.reference
 ORDER BY c.casefile_id, a.approval_no;

-- ---- Folding: the difference of what changed, into the sums -----------------------------------

-- One folds at a time: this row is locked first.
-- name: fold_lock_make
INSERT INTO meta (key, value) VALUES ('figures', '0') ON CONFLICT (key) DO NOTHING;

-- name: fold_lock
SELECT value FROM meta WHERE key = 'figures' /*lock*/;

-- Buckets whose journal is longer than what was counted, or with case files that are due.
-- name: fold_buckets
SELECT h.bucket, COALESCE(f.seq, -1)
  FROM bucket_head AS h
  LEFT JOIN figure_head AS f ON f.bucket = h.bucket
 WHERE h.seq > COALESCE(f.seq, -1)
    OR EXISTS (SELECT 1 FROM figure_due AS d WHERE d.bucket = h.bucket)
 ORDER BY h.bucket;

-- name: fold_changed
SELECT casefile_id FROM journal
 WHERE bucket = :bucket AND seq > :seq AND casefile_id <> 0
 UNION
SELECT casefile_id FROM figure_due WHERE bucket = :bucket
 ORDER BY casefile_id;

-- name: fold_due_add
INSERT INTO figure_due (bucket, casefile_id) VALUES (:bucket, :casefile)
    ON CONFLICT (bucket, casefile_id) DO NOTHING;

-- name: fold_due_clear
DELETE FROM figure_due WHERE bucket = :bucket;

-- name: fold_head_set
INSERT INTO figure_head (bucket, seq) VALUES (:bucket, :seq)
    ON CONFLICT (bucket) DO UPDATE SET seq = excluded.seq;

-- Everything is to be looked at again.
-- name: fold_heads_forget
DELETE FROM figure_head;

-- name: track_get
SELECT bytes FROM track WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: track_list
SELECT casefile_id, bytes FROM track WHERE bucket = :bucket ORDER BY casefile_id;

-- name: track_after
SELECT casefile_id, bytes FROM track
 WHERE bucket = :bucket AND casefile_id > :after
 ORDER BY casefile_id;

-- name: track_name
SELECT c.reference, p.name
  FROM casefile AS c
  LEFT JOIN party AS p
    ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
 WHERE c.bucket = :bucket AND c.casefile_id = :casefile;

-- name: track_put
INSERT INTO track (bucket, casefile_id, bytes) VALUES (:bucket, :casefile, :bytes)
    ON CONFLICT (bucket, casefile_id) DO UPDATE SET bytes = excluded.bytes;

-- name: track_drop
DELETE FROM track WHERE bucket = :bucket AND casefile_id = :casefile;

-- name: figure_groups
SELECT group_no, level, client, desk, segment, currency, strategy FROM figure_group ORDER BY group_no;

-- name: figure_group_add
INSERT INTO figure_group (group_no, level, client, desk, segment, currency, strategy)
    VALUES (:group, :level, :client, :desk, :segment, :currency, :strategy);

-- name: figure_words
SELECT word_no, word FROM figure_word ORDER BY word_no;

-- name: figure_word_add
INSERT INTO figure_word (word_no, word) VALUES (:number, :word);

-- name: figure_add
INSERT INTO figure (kind, grain, group_no, period, first_key, second_key, counted, minor)
    VALUES (:kind, :grain, :group, :period, :first, :second, :counted, :minor)
    ON CONFLICT (kind, grain, group_no, period, first_key, second_key) DO UPDATE
       SET counted = figure.counted + excluded.counted, minor = figure.minor + excluded.minor
RETURNING counted, minor;

-- name: figure_new
INSERT INTO figure (kind, grain, group_no, period, first_key, second_key, counted, minor)
    VALUES (:kind, :grain, :group, :period, :first, :second, :counted, :minor);

-- name: figure_drop
DELETE FROM figure
 WHERE kind = :kind AND grain = :grain AND group_no = :group AND period = :period
   AND first_key = :first AND second_key = :second;

-- name: figures_forget
DELETE FROM figure;

-- name: figure_groups_forget
DELETE FROM figure_group;

-- name: figure_words_forget
DELETE FROM figure_word;

-- ---- Reading ----------------------------------------------------------------------------------

-- name: figure_rows
SELECT period, first_key, second_key, counted, minor
  FROM figure
 WHERE kind = :kind AND grain = :grain AND group_no = :group AND period >= :from AND period <= :to
 ORDER BY kind, grain, group_no, period, first_key, second_key;

-- ---- Proving: raw rows of a bucket, for code that shares nothing with what folds -------------

-- name: measures_casefiles
SELECT casefile_id, creditor, desk, segment, role, standing, standing_rule, strategy
  FROM casefile WHERE bucket = :bucket ORDER BY casefile_id;

-- name: measures_people
SELECT casefile_id, zones, language, places FROM party
 WHERE bucket = :bucket AND party_no = 1 ORDER BY casefile_id;

-- name: measures_items
SELECT i.casefile_id, i.debt_no, i.instalment_no, i.due_day, i.amount_minor, d.currency,
       d.invoice_day
  FROM debt AS d
  JOIN instalment AS i
    ON i.bucket = d.bucket AND i.casefile_id = d.casefile_id AND i.debt_no = d.debt_no
 WHERE d.bucket = :bucket
 ORDER BY i.casefile_id, i.debt_no, i.instalment_no;

-- name: measures_lines
SELECT p.casefile_id, p.value_day, p.posted_at, p.account, p.debt_no, p.instalment_no,
       p.currency, p.minor,
       CASE WHEN EXISTS (SELECT 1 FROM posting AS m
                          WHERE m.bucket = p.bucket AND m.casefile_id = p.casefile_id
                            AND m.entry_no = p.entry_no AND m.account IN ('cash', 'unapplied'))
            THEN 1 ELSE 0 END
  FROM posting AS p
 WHERE p.bucket = :bucket AND p.account IN ('principal', 'interest', 'fees', 'costs', 'cash')
 ORDER BY p.casefile_id, p.value_day;

-- name: measures_promises
SELECT casefile_id, currency, minor, made_day, due_day, state, state_day, plan_no, author
  FROM promise WHERE bucket = :bucket ORDER BY casefile_id, promise_no;

-- name: measures_contacts
SELECT casefile_id, at AS moment, channel, direction, outcome, NULL AS step, 'said' AS purpose,
       author AS who
  FROM contact
 WHERE bucket = :bucket AND outcome <> 'none' AND outcome <> 'planned'
 UNION ALL
SELECT casefile_id, not_before, channel, 0, state, step, purpose,
       CASE WHEN words IS NOT NULL
            THEN (SELECT MAX(actor) FROM journal
                   WHERE journal.bucket = outbox.bucket AND journal.seq = outbox.decision_seq) END
  FROM outbox
 WHERE bucket = :bucket AND (state = 'sent' OR state = 'delivered' OR state = 'bounced')
 ORDER BY casefile_id, moment;

-- name: measures_disputes
SELECT casefile_id, received_day, state_day, state, reason, dispute_no
  FROM dispute WHERE bucket = :bucket ORDER BY casefile_id, dispute_no;

-- Who wrote what of disputes and facts: the latest record of each last.
-- name: measures_records
SELECT casefile_id, kind, record, actor
  FROM journal
 WHERE bucket = :bucket AND (kind = 'dispute' OR kind = 'fact')
 ORDER BY casefile_id, seq;

-- name: measures_plans
SELECT casefile_id, made_day, 0 AS declined
  FROM plan WHERE bucket = :bucket AND offer_no = 0
 UNION ALL
SELECT c.casefile_id, a.decided_at, 1
  FROM approval AS a JOIN casefile AS c ON c.reference = a.subject
 WHERE c.bucket = :bucket AND a.kind = 'plan' AND a.state = 'declined'
 ORDER BY casefile_id;

-- name: measures_complaints
SELECT casefile_id, received_day
  FROM complaint WHERE bucket = :bucket ORDER BY casefile_id, complaint_no;

-- name: measures_facts
SELECT casefile_id, type, scope, debt_no, at, until_at, detail, fact_no
  FROM fact
 WHERE bucket = :bucket AND (type = 'opt_out' OR type = 'cease' OR type = 'hold'
                             OR type = 'dispute')
 ORDER BY casefile_id, fact_no;

-- name: measures_kept
SELECT f.kind, f.grain, g.level, g.client, g.desk, g.segment, g.currency, f.period, f.first_key,
       f.second_key, f.counted, f.minor, g.strategy
  FROM figure AS f
  LEFT JOIN figure_group AS g ON g.group_no = f.group_no;
