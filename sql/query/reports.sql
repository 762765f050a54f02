-- Figures for reports. Each statement reads one bucket, so that memory stays small whatever the
-- size of the book: PostgreSQL hands over a whole answer at once.

-- Every instalment whose debt was invoiced by :day, with what is known of it today.
-- name: figures_items
SELECT i.casefile_id, i.debt_no, i.instalment_no, d.currency, d.invoice_day, i.due_day,
       i.amount_minor, i.paid_minor
  FROM instalment AS i CROSS JOIN debt AS d
 WHERE i.bucket = :bucket AND d.bucket = i.bucket AND d.casefile_id = i.casefile_id
   AND d.debt_no = i.debt_no AND d.invoice_day <= :day
 ORDER BY i.casefile_id, i.debt_no, i.instalment_no;

-- Money allocated after :day, or taken back then: what a past day did not know yet.
-- name: figures_paid_later
SELECT p.casefile_id, p.debt_no, p.instalment_no, p.minor
  FROM posting AS p
 WHERE p.bucket = :bucket AND p.value_day > :day AND p.account = 'principal'
   AND EXISTS (SELECT 1 FROM posting AS x
                WHERE x.bucket = p.bucket AND x.casefile_id = p.casefile_id
                  AND x.entry_no = p.entry_no AND x.account IN ('cash', 'unapplied'))
 ORDER BY p.casefile_id, p.debt_no, p.instalment_no;
