"""All reads of planning: rosters and budgets joined to the chart, as values for pages, commands and memos."""
