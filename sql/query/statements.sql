-- What explains a balance, and what was given out of it (flow/balance.h, flow/statement.h).

-- Everything that was known at a moment, also what was taken back by then.
-- name: balance_movements
SELECT movement_no, kind, value_day, due_day, debt_no, instalment_no, component, currency, minor,
       reference, origin, ground, reason, at, ended_at
  FROM movement
 WHERE bucket = :bucket AND casefile_id = :casefile AND at <= :known
 ORDER BY movement_no;

-- name: balance_payments
SELECT payment_no, reference, received_day, currency, minor, method, debt_no, state, state_day,
       reason
  FROM payment
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY payment_no;

-- name: balance_debts
SELECT debt_no, reference, description, currency, invoice_day
  FROM debt
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY debt_no;

-- Numbered after all of one case file, the newest last.
-- name: statement_list
SELECT statement_no, kind, from_day, to_day, object_no, at, replaces_no, replaced_no, digest
  FROM statement
 WHERE bucket = :bucket AND casefile_id = :casefile
 ORDER BY statement_no;

-- name: statement_get
SELECT statement_no, kind, from_day, to_day, object_no, at, replaces_no, replaced_no, digest, bytes
  FROM statement
 WHERE bucket = :bucket AND casefile_id = :casefile AND statement_no = :statement;

-- The one that stands for this period and object.
-- name: statement_standing
SELECT statement_no, digest
  FROM statement
 WHERE bucket = :bucket AND casefile_id = :casefile AND kind = :kind AND from_day = :from_day
   AND to_day = :to_day AND object_no = :object AND replaced_no = 0;

-- name: statement_add
INSERT INTO statement (bucket, casefile_id, statement_no, kind, from_day, to_day, object_no, at,
                       replaces_no, replaced_no, digest, bytes)
    VALUES (:bucket, :casefile, :statement, :kind, :from_day, :to_day, :object, :now, :replaces, 0,
            :digest, :bytes);

-- name: statement_replace
UPDATE statement SET replaced_no = :statement
 WHERE bucket = :bucket AND casefile_id = :casefile AND statement_no = :replaces;

-- name: statement_addressee
SELECT c.reference, c.creditor, c.role, p.name, p.language,
       (SELECT k.address FROM contact_point AS k
         WHERE k.bucket = c.bucket AND k.casefile_id = c.casefile_id AND k.party_no = 1
           AND k.channel = 'letter' AND k.state = 'good'
         ORDER BY k.point_no DESC LIMIT 1)
  FROM casefile AS c
       JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.party_no = 1
 WHERE c.bucket = :bucket AND c.casefile_id = :casefile;

-- What is posted of an instalment up to a day, part by part.
-- name: posted_parts
SELECT account, CAST(SUM(minor) AS BIGINT)
  FROM posting
 WHERE bucket = :bucket AND casefile_id = :casefile AND debt_no = :debt
   AND instalment_no = :instalment AND value_day <= :day
   AND account IN ('principal', 'interest', 'fees', 'costs')
 GROUP BY account;

-- The first day on which the books change by themselves.
-- name: books_day
SELECT books_day FROM casefile WHERE bucket = :bucket AND casefile_id = :casefile;
