"""Store drivers: one module for each kind of store."""
