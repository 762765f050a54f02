-- What an expert would have built beforehand, outside of the timing: the ladders as a table of
-- day ranges, local hours by zone, the last step of each instalment kept up to date, and an
-- index for each question that expert.sql asks. The runner fills x_now and x_zone.

-- kind: 0 business, 1 consumer in our own name, 2 consumer for others.
CREATE TABLE x_ladder (
    kind INTEGER, rank INTEGER, step TEXT, template TEXT, from_day INTEGER, to_day INTEGER,
    email INTEGER, letter INTEGER, call INTEGER, PRIMARY KEY (kind, from_day)
) WITHOUT ROWID;
INSERT INTO x_ladder VALUES
    (0, 1, 'friendly_reminder', 'friendly-reminder', -3, 0, 1, 0, 0),
    (0, 2, 'due_today', 'due-today', 0, 7, 1, 0, 0),
    (0, 3, 'past_due', 'past-due', 7, 14, 1, 1, 0),
    (0, 4, 'final_notice', 'final-notice', 14, 21, 1, 1, 0),
    (0, 5, 'call', 'call-script', 21, 30, 0, 0, 1),
    (0, 6, 'letter_of_demand', 'letter-of-demand', 30, 60, 0, 1, 0),
    (1, 1, 'gentle_reminder', 'gentle-reminder', 3, 10, 1, 1, 0),
    (1, 2, 'payment_missed', 'payment-missed', 10, 17, 1, 1, 0),
    (1, 3, 'call', 'call-script', 17, 24, 0, 0, 1),
    (1, 4, 'options', 'options', 24, 45, 1, 1, 0),
    (1, 5, 'formal_notice', 'formal-notice', 45, 165, 0, 1, 0),
    (2, 1, 'introduction', 'introduction', 0, 35, 0, 1, 0),
    (2, 2, 'follow_up', 'follow-up', 35, 70, 1, 1, 0),
    (2, 3, 'call', 'call-script', 70, 105, 0, 0, 1),
    (2, 4, 'options', 'options', 105, 140, 1, 1, 0),
    (2, 5, 'last_call', 'call-script', 140, 3650, 0, 0, 1);

CREATE TABLE x_now (us INTEGER, day INTEGER, second INTEGER); -- second of the day, UTC
CREATE TABLE x_zone (zones TEXT PRIMARY KEY, least INTEGER, most INTEGER) WITHOUT ROWID;

CREATE TABLE x_last (
    bucket INTEGER, casefile_id INTEGER, debt_no INTEGER, instalment_no INTEGER, rank INTEGER,
    PRIMARY KEY (bucket, casefile_id, debt_no, instalment_no)
) WITHOUT ROWID;
INSERT INTO x_last
    SELECT s.bucket, s.casefile_id, s.debt_no, s.instalment_no, MAX(l.rank)
      FROM step AS s JOIN casefile AS c USING (bucket, casefile_id)
      JOIN x_ladder AS l ON l.step = s.step
       AND l.kind = CASE WHEN c.business THEN 0 WHEN c.role = 'first_party_creditor' THEN 1 ELSE 2 END
     GROUP BY 1, 2, 3, 4;

CREATE TABLE x_outbox (
    bucket INTEGER, casefile_id INTEGER, at INTEGER, channel TEXT, address TEXT, template TEXT,
    step TEXT, open_minor INTEGER, not_before INTEGER
);

CREATE INDEX x_open ON instalment (bucket, casefile_id, due_day, debt_no, instalment_no,
                                   amount_minor, paid_minor) WHERE paid_minor < amount_minor;
CREATE INDEX x_casefile ON casefile (bucket, casefile_id, business, role);
CREATE INDEX x_stop ON fact (bucket, casefile_id, until_at)
    WHERE type IN ('hold', 'dispute', 'cease', 'attorney', 'bankruptcy', 'deceased');
CREATE INDEX x_opt_out ON fact (bucket, casefile_id, channel, until_at) WHERE type = 'opt_out';
CREATE INDEX x_promise ON promise (bucket, casefile_id, due_day) WHERE state = 'open';
CREATE INDEX x_pending ON payment (bucket, casefile_id) WHERE state = 'pending';
CREATE INDEX x_contact ON contact (at, bucket, casefile_id, channel) WHERE direction = 0;
CREATE INDEX x_sent ON outbox (not_before, bucket, casefile_id, channel);
CREATE INDEX x_point ON contact_point (bucket, casefile_id, channel, address) WHERE state = 'good';
CREATE INDEX x_party ON party (bucket, casefile_id, zones) WHERE party_no = 1;
ANALYZE;
