-- What was planned and spent by kind of resource, over the lines that say both.
SELECT
  resource,
  count(*) AS lines,
  cast(sum(cast(planned AS decimal(18, 2))) AS double) AS planned,
  cast(sum(cast(actual AS decimal(18, 2))) AS double) AS actual,
  cast(sum(cast(actual AS decimal(18, 2))) AS double)
    / nullif(cast(sum(cast(planned AS decimal(18, 2))) AS double), 0) AS budget_use
FROM budget
WHERE planned IS NOT NULL AND actual IS NOT NULL
GROUP BY resource
ORDER BY resource NULLS LAST;
