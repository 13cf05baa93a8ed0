"""The stages of a night as Prefect tasks: retries, tags and concurrency live here and only here."""
