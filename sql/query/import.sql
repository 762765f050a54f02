-- What an import asks.

-- A fact that still holds at :at.
-- name: fact_open
SELECT fact_no FROM fact
 WHERE bucket = :bucket AND casefile_id = :casefile AND type = :type AND debt_no = :debt
   AND until_at > :at
 ORDER BY fact_no DESC;

-- The newest of a source.
-- name: fact_detail
SELECT fact_no, detail FROM fact
 WHERE bucket = :bucket AND casefile_id = :casefile AND type = :type AND debt_no = :debt
   AND until_at > :at AND source = :source
 ORDER BY fact_no DESC;

-- Debts of one bucket that are open, with what is open of them.
-- name: debts_open
SELECT d.casefile_id, d.debt_no, d.reference, d.currency, c.creditor,
       CAST(SUM(i.amount_minor - i.paid_minor) AS BIGINT)
  FROM casefile AS c JOIN debt AS d ON d.bucket = c.bucket AND d.casefile_id = c.casefile_id
  JOIN instalment AS i ON i.bucket = d.bucket AND i.casefile_id = d.casefile_id
   AND i.debt_no = d.debt_no
 WHERE c.bucket = :bucket AND i.paid_minor < i.amount_minor
 GROUP BY d.casefile_id, d.debt_no, d.reference, d.currency, c.creditor
 ORDER BY d.casefile_id, d.debt_no;
