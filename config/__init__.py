"""Settings, campaigns and photo specifications: data as TOML, with their types and loaders."""
