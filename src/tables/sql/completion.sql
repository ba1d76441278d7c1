-- Every campaign by how much of its goals is reached; those nobody can say of come last.
SELECT
  campaign,
  name,
  owner,
  completion,
  verdict,
  cells_filled,
  cells_required
FROM campaigns
ORDER BY completion DESC NULLS LAST, campaign NULLS LAST;
