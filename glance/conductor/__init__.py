"""The service that does what takes long; any conductor can take over."""
