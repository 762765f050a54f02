-- What was put into force here: strategies, letters and emails, and drafts of them.

-- name: publication_last
SELECT publication_no FROM publication ORDER BY publication_no DESC LIMIT 1;

-- Of each name the version in force, with its text.
-- name: publication_live_all
SELECT p.path, p.digest, t.text, p.kind, p.name, p.version
  FROM publication AS p JOIN rule_text AS t ON t.digest = p.digest
 WHERE p.version = (SELECT MAX(l.version) FROM publication AS l
                     WHERE l.kind = p.kind AND l.name = p.name)
 ORDER BY p.path;

-- Those of one name, the newest first.
-- name: publication_versions
SELECT publication_no, version, path, digest, published_no, agreed_no, reason, at
  FROM publication
 WHERE kind = :kind AND name = :name
 ORDER BY version DESC
 LIMIT :most;

-- name: publication_get
SELECT publication_no, version, path, digest, published_no, agreed_no, reason, at
  FROM publication
 WHERE kind = :kind AND name = :name AND version = :version;

-- name: prove_publication_records
SELECT record FROM journal
 WHERE bucket = :bucket AND casefile_id = 0 AND kind = 'publication'
 ORDER BY seq;

-- name: prove_publications
SELECT p.kind, p.name, p.version, p.path, p.digest, p.published_no, p.agreed_no, t.text
  FROM publication AS p LEFT JOIN rule_text AS t ON t.digest = p.digest
 ORDER BY p.publication_no;

-- name: publication_add
INSERT INTO publication (publication_no, kind, name, version, path, digest, published_no,
                         agreed_no, reason, at)
    VALUES (:publication, :kind, :name, :version, :path, :digest, :published, :agreed, :reason,
            :now);

-- name: draft_get
SELECT base, text, revision, staff_no, at FROM draft WHERE kind = :kind AND name = :name;

-- name: draft_put
INSERT INTO draft (kind, name, base, text, revision, staff_no, at)
    VALUES (:kind, :name, :base, :text, :revision, :staff, :now)
    ON CONFLICT (kind, name) DO UPDATE
       SET base = excluded.base, text = excluded.text, revision = excluded.revision,
           staff_no = excluded.staff_no, at = excluded.at;

-- name: draft_delete
DELETE FROM draft WHERE kind = :kind AND name = :name RETURNING revision;

-- name: draft_list
SELECT name, revision, staff_no, at FROM draft WHERE kind = :kind ORDER BY name LIMIT 1000;

-- What was done with drafts, the newest first; of the records of the house not more than the last
-- :window are looked at.
-- name: draft_records
SELECT at, record FROM journal
 WHERE bucket = 0 AND casefile_id = 0 AND kind = 'draft'
   AND seq > (SELECT COALESCE(MAX(l.seq), 0) FROM journal AS l
               WHERE l.bucket = 0 AND l.casefile_id = 0) - :window
 ORDER BY seq DESC;

-- How many case files each strategy has, and how many the next cycle looks at by :until. Found in
-- an index alone.
-- name: strategy_counts
SELECT strategy, COUNT(*), CAST(SUM(CASE WHEN wake_at <= :until THEN 1 ELSE 0 END) AS BIGINT)
  FROM casefile
 GROUP BY strategy;

-- The same by whose they are, for a reader who does not see all.
-- name: strategy_counts_of
SELECT strategy, COUNT(*), CAST(SUM(CASE WHEN wake_at <= :until THEN 1 ELSE 0 END) AS BIGINT), creditor, desk
  FROM casefile
 GROUP BY strategy, creditor, desk;

-- Those of one strategy by segment, and by the step that is due and not allowed, or not yet. In the
-- order of an index, so that nothing is sorted.
-- name: strategy_segment_counts
SELECT segment, CASE WHEN standing IN ('later', 'blocked', 'unreachable')
                     THEN standing_step END, creditor, desk, COUNT(*)
  FROM casefile
 WHERE strategy = :strategy
 GROUP BY strategy, segment, standing, standing_step, creditor, desk;

-- Steps of this strategy that the cycle took since :since, one row for each case file and step.
-- name: strategy_taken
SELECT DISTINCT s.ladder, s.step, c.reference, c.creditor, c.desk, j.channel, p.name
  FROM journal AS j
  JOIN casefile AS c ON c.bucket = j.bucket AND c.casefile_id = j.casefile_id
  JOIN step AS s ON s.bucket = j.bucket AND s.casefile_id = j.casefile_id
                AND s.decision_seq = j.seq
  LEFT JOIN party AS p ON p.bucket = c.bucket AND p.casefile_id = c.casefile_id
                      AND p.party_no = 1
 WHERE j.outcome IN ('allowed', 'moved') AND j.at >= :since AND j.kind = 'decision'
   AND c.strategy = :strategy
 ORDER BY c.reference, s.ladder, s.step;
