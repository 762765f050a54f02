-- Disputes, and the papers that were handed in.

-- name: dispute_add
INSERT INTO dispute (bucket, casefile_id, dispute_no, fact_no, debt_no, instalment_no, component,
                     line, currency, minor, reason, channel, note, received_day, answer_day, state,
                     state_day, proof_day, corrected_minor, author)
    VALUES (:bucket, :casefile, :dispute, :fact, :debt, :instalment, :component, :line, :currency,
            :minor, :reason, :channel, :note, :received_day, :answer_day, 'open', :received_day,
            :proof_day, 0, :author);

-- name: dispute_change
UPDATE dispute SET fact_no = :fact, state = :state, state_day = :state_day, answer = :answer,
       proof_day = :proof_day,
       corrected_minor = :corrected
 WHERE bucket = :bucket AND casefile_id = :casefile AND dispute_no = :dispute;

-- All of a case file.
-- name: disputes_of
SELECT dispute_no, fact_no, debt_no, instalment_no, component, line, currency, minor, reason,
       channel, note, received_day, answer_day, state, state_day, answer, corrected_minor, author,
       proof_day
  FROM dispute
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY dispute_no;

-- Over all accounts; '' takes every state.
-- name: dispute_list
SELECT c.reference, p.name, m.dispute_no, d.reference, m.instalment_no, m.component, m.line,
       m.currency, m.minor, m.reason, m.received_day, m.answer_day, m.state
  FROM dispute AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
  LEFT JOIN debt AS d
    ON d.bucket = m.bucket AND d.casefile_id = m.casefile_id AND d.debt_no = m.debt_no
 WHERE (:state = '' OR m.state = :state) AND m.answer_day <= :due
 ORDER BY m.answer_day, c.reference, m.dispute_no
 LIMIT :limit;

-- name: evidence_add
INSERT INTO evidence (bucket, casefile_id, evidence_no, origin, name, digest, bytes, author, at)
    VALUES (:bucket, :casefile, :evidence, :origin, :name, :digest, :bytes, :author, :now);

-- name: evidence_of
SELECT evidence_no, name, digest, author, at FROM evidence
 WHERE bucket = :bucket AND casefile_id = :casefile AND origin = :origin
 ORDER BY evidence_no;

-- name: evidence_bytes
SELECT bytes FROM evidence
 WHERE bucket = :bucket AND casefile_id = :casefile AND evidence_no = :evidence;

-- Holds and hardship arrangements of a case file.
-- name: holds_of
SELECT fact_no, debt_no, at, until_at, scope, value, detail FROM fact
 WHERE bucket = :bucket AND casefile_id = :casefile AND type = 'hold'
 ORDER BY fact_no;

-- Hardship arrangements over all accounts that are in force, the first to be looked at first.
-- name: hardship_list
SELECT c.reference, p.name, f.fact_no, d.reference, f.value, f.at, f.until_at, f.detail
  FROM fact AS f
  JOIN casefile AS c ON c.bucket = f.bucket AND c.casefile_id = f.casefile_id
  JOIN party AS p ON p.bucket = f.bucket AND p.casefile_id = f.casefile_id AND p.party_no = 1
  LEFT JOIN debt AS d
    ON d.bucket = f.bucket AND d.casefile_id = f.casefile_id AND d.debt_no = f.debt_no
 WHERE f.type = 'hold' AND f.scope = 'hardship' AND f.at <= :now AND f.until_at > :now
 ORDER BY f.until_at, f.at, c.reference, f.fact_no;
