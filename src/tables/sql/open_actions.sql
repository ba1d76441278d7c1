-- What each person still has to do, and what of it is late; measures of nobody are somebody's job to give away.
SELECT
  owner,
  count(*) AS open_actions,
  count(*) FILTER (WHERE state = 'overdue') AS overdue,
  count(DISTINCT campaign) AS campaigns,
  min(due_on) AS first_due_on
FROM actions
WHERE is_open
GROUP BY owner
ORDER BY overdue DESC, open_actions DESC, owner NULLS LAST;
