-- The nightly run as an expert would write it in SQL: sets, few passes, one durable commit.
--
-- It does less than recoup. The step comes from days past due and the last step alone (no
-- segments by amount, no steps that grew stale, no end of a ladder); one limit of seven contacts
-- in seven days and a gap of three days stand for all rules of all places; local hours are
-- 8 to 21 by a table of offsets of today. There are no ledger as of a day, no verdicts with
-- citations, no journal and no chain of hashes, no record of what was not sent and why, no wake
-- moment, and nothing is settled.
BEGIN IMMEDIATE;

-- Who was reached in the last days: counted once, for all.
CREATE TEMP TABLE recent (
    bucket INTEGER, casefile_id INTEGER, contacts INTEGER, last_at INTEGER,
    PRIMARY KEY (bucket, casefile_id)
) WITHOUT ROWID;
INSERT INTO recent
    SELECT bucket, casefile_id, COUNT(*), MAX(CASE WHEN channel <> 'call' THEN at END)
      FROM (SELECT bucket, casefile_id, channel, at FROM contact
             WHERE direction = 0 AND at > (SELECT us - 604800000000 FROM x_now)
             UNION ALL
            SELECT bucket, casefile_id, channel, not_before FROM outbox
             WHERE not_before > (SELECT us - 604800000000 FROM x_now)
             UNION ALL
            SELECT bucket, casefile_id, channel, at FROM x_outbox
             WHERE at > (SELECT us - 604800000000 FROM x_now))
     GROUP BY bucket, casefile_id;

-- The step that is due for each open instalment.
CREATE TEMP TABLE due AS
    SELECT i.bucket, i.casefile_id, i.debt_no, i.instalment_no, l.rank, l.kind,
           i.amount_minor - i.paid_minor AS open_minor
      FROM x_now AS n CROSS JOIN instalment AS i CROSS JOIN casefile AS c CROSS JOIN x_ladder AS l
      LEFT JOIN x_last AS d ON d.bucket = i.bucket AND d.casefile_id = i.casefile_id
       AND d.debt_no = i.debt_no AND d.instalment_no = i.instalment_no
     WHERE i.paid_minor < i.amount_minor AND i.due_day <= n.day + 3
       AND c.bucket = i.bucket AND c.casefile_id = i.casefile_id
       AND l.kind = CASE WHEN c.business THEN 0 WHEN c.role = 'first_party_creditor' THEN 1 ELSE 2 END
       AND l.from_day <= n.day - i.due_day
       AND CASE WHEN l.kind = 0 THEN l.to_day > n.day - i.due_day AND l.rank > COALESCE(d.rank, 0)
                ELSE l.rank = COALESCE(d.rank, 0) + 1 END;

-- One contact for each case file, with the highest step, by the first channel that may be used.
CREATE TEMP TABLE chosen AS
    SELECT h.bucket, h.casefile_id, l.step, l.template, h.open_minor,
           p.channel, p.address, MIN(CASE p.channel WHEN 'email' THEN 1 WHEN 'letter' THEN 2 ELSE 3 END)
      FROM x_now AS n
     CROSS JOIN (SELECT bucket, casefile_id, MAX(rank) AS rank, kind, SUM(open_minor) AS open_minor
                   FROM due GROUP BY bucket, casefile_id) AS h
     CROSS JOIN x_ladder AS l ON l.kind = h.kind AND l.rank = h.rank
     CROSS JOIN party AS y ON y.bucket = h.bucket AND y.casefile_id = h.casefile_id AND y.party_no = 1
     CROSS JOIN x_zone AS z ON z.zones = y.zones
     CROSS JOIN contact_point AS p ON p.bucket = h.bucket AND p.casefile_id = h.casefile_id
       AND p.state = 'good'
      LEFT JOIN recent AS r ON r.bucket = h.bucket AND r.casefile_id = h.casefile_id
     WHERE ((p.channel = 'email' AND l.email) OR (p.channel = 'letter' AND l.letter)
            OR (p.channel = 'call' AND l.call))
       AND COALESCE(r.contacts, 0) < 7 AND COALESCE(r.last_at, 0) <= n.us - 259200000000
       AND (p.channel = 'letter' OR ((n.second + z.least + 86400) % 86400 >= 28800
                                     AND (n.second + z.most + 86400) % 86400 < 75600))
       AND NOT EXISTS (SELECT 1 FROM fact AS f WHERE f.bucket = h.bucket
                          AND f.casefile_id = h.casefile_id AND f.until_at > n.us
                          AND f.type IN ('hold', 'dispute', 'cease', 'attorney', 'bankruptcy', 'deceased'))
       AND NOT EXISTS (SELECT 1 FROM fact AS f WHERE f.bucket = h.bucket
                          AND f.casefile_id = h.casefile_id AND f.channel = p.channel
                          AND f.until_at > n.us AND f.type = 'opt_out')
       AND NOT EXISTS (SELECT 1 FROM promise AS m WHERE m.bucket = h.bucket
                          AND m.casefile_id = h.casefile_id AND m.state = 'open' AND m.due_day >= n.day)
       AND NOT EXISTS (SELECT 1 FROM payment AS m WHERE m.bucket = h.bucket
                          AND m.casefile_id = h.casefile_id AND m.state = 'pending')
     GROUP BY h.bucket, h.casefile_id;

INSERT INTO x_outbox
    SELECT bucket, casefile_id, us, channel, address, template, step, open_minor, us
      FROM x_now CROSS JOIN chosen;

INSERT INTO x_last
    SELECT d.bucket, d.casefile_id, d.debt_no, d.instalment_no, d.rank
      FROM due AS d JOIN chosen AS c USING (bucket, casefile_id)
     WHERE true
    ON CONFLICT (bucket, casefile_id, debt_no, instalment_no) DO UPDATE SET rank = excluded.rank;
COMMIT;
