"""What runs and in what order: Prefect flows, deployments, triggers. No logic."""
