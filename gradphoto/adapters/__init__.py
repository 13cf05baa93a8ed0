"""Where the domain meets the world: the store, pictures, sheets, archives, processes."""
