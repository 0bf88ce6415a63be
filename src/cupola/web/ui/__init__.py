"""Components every page shares: chain of evidence, chart, table, freshness, language switch."""
