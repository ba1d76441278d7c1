-- Problems met more than once, as first written; those met in most campaigns first.
SELECT
  same_as,
  count(*) AS times,
  count(DISTINCT campaign) AS campaigns,
  count(*) FILTER (WHERE recurring) AS marked_by_teams
FROM problems
WHERE same_as IS NOT NULL
GROUP BY same_as
ORDER BY campaigns DESC, times DESC, same_as NULLS LAST;
