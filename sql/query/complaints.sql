-- Complaints: what somebody says we did wrong, and what became of it.

-- name: complaint_add
INSERT INTO complaint (bucket, casefile_id, complaint_no, fact_no, channel, words, received_day,
                       acknowledge_day, answer_day, acknowledged_day, state, state_day, author)
    VALUES (:bucket, :casefile, :complaint, :fact, :channel, :words, :received, :acknowledge,
            :answer_day, 99999999, 'open', :state_day, :author);

-- name: complaint_change
UPDATE complaint SET acknowledged_day = :acknowledged, state = :state, state_day = :state_day,
       result = :result, cause = :cause, changed = :changed, answer = :answer
 WHERE bucket = :bucket AND casefile_id = :casefile AND complaint_no = :complaint;

-- name: complaints_of
SELECT complaint_no, fact_no, channel, words, received_day, acknowledge_day, answer_day,
       acknowledged_day, state, state_day, result, cause, changed, answer, author
  FROM complaint
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY complaint_no;

-- Those in a state, the first to be answered first, from a place on.
-- name: complaint_list
SELECT m.answer_day, m.bucket, m.casefile_id, m.complaint_no, c.reference, p.name, c.creditor,
       c.desk, m.channel, m.words, m.received_day, m.acknowledge_day, m.acknowledged_day,
       m.state_day, m.result, m.cause, m.changed
  FROM complaint AS m
  JOIN casefile AS c ON c.bucket = m.bucket AND c.casefile_id = m.casefile_id
  JOIN party AS p ON p.bucket = m.bucket AND p.casefile_id = m.casefile_id AND p.party_no = 1
 WHERE m.state = :state
   AND (m.answer_day, m.casefile_id, m.complaint_no) > (:after_day, :after_casefile, :after_no)
 ORDER BY m.answer_day, m.casefile_id, m.complaint_no
 LIMIT :most;

-- name: prove_complaints
SELECT casefile_id, complaint_no, fact_no, channel, words, received_day, acknowledge_day,
       answer_day, acknowledged_day, state, result, cause, changed, answer
  FROM complaint
 WHERE bucket = :bucket
 ORDER BY casefile_id, complaint_no;

-- name: prove_complaint_records
SELECT casefile_id, record FROM journal
 WHERE bucket = :bucket AND kind = 'complaint'
 ORDER BY seq;
