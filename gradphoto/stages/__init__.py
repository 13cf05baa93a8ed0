"""What one stage of a night does with a store, as plain functions; which order and where is not known here."""
