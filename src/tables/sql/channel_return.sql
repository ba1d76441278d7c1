-- The same channel over all campaigns. Each rate is a ratio of sums over the lines that say both sides: a line that
-- says only what was spent must not make a return look smaller. Money is summed as decimals, which are exact.
SELECT
  channel,
  count(DISTINCT campaign) AS campaigns,
  cast(sum(cast(spend AS decimal(18, 2))) AS double) AS spend,
  cast(sum(cast(revenue AS decimal(18, 2))) AS double) AS revenue,
  cast(sum(cast(revenue AS decimal(18, 2))) FILTER (WHERE spend IS NOT NULL AND revenue IS NOT NULL) AS double)
    / nullif(cast(sum(cast(spend AS decimal(18, 2))) FILTER (WHERE spend IS NOT NULL AND revenue IS NOT NULL) AS double), 0)
    AS return_on_spend,
  sum(clicks) FILTER (WHERE exposure IS NOT NULL AND clicks IS NOT NULL)
    / nullif(sum(exposure) FILTER (WHERE exposure IS NOT NULL AND clicks IS NOT NULL), 0) AS click_rate,
  sum(conversions) FILTER (WHERE clicks IS NOT NULL AND conversions IS NOT NULL)
    / nullif(sum(clicks) FILTER (WHERE clicks IS NOT NULL AND conversions IS NOT NULL), 0) AS conversion_rate
FROM channels
GROUP BY channel
ORDER BY channel NULLS LAST;
