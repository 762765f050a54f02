-- What leaves the book for other programs. One bucket at a time, in the order of the keys.

-- Lines of entries by value day and by the moment from which they were known; a line without a
-- debt has no reference of one.
-- name: export_postings
SELECT p.casefile_id, c.reference, p.entry_no, p.line_no, p.value_day, p.posted_at, p.cause,
       p.takes_back, p.account, d.reference, p.instalment_no, p.currency, p.minor
  FROM posting AS p
       LEFT JOIN casefile AS c ON c.bucket = p.bucket AND c.casefile_id = p.casefile_id
       LEFT JOIN debt AS d ON d.bucket = p.bucket AND d.casefile_id = p.casefile_id
                          AND d.debt_no = p.debt_no
 WHERE p.bucket = :bucket AND p.casefile_id >= :first AND p.casefile_id <= :last
   AND p.value_day >= :since AND p.value_day <= :until AND p.posted_at <= :known
 ORDER BY p.casefile_id, p.entry_no, p.line_no;
