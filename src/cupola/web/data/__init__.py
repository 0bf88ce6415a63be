"""The catalogue: datasets, their versions, load reports and findings."""
