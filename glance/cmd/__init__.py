"""Programs: one small main for each console script."""
