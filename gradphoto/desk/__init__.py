"""The check-in desk: what it answers and what it asks. Pure: how its log is written stands in the adapters."""
