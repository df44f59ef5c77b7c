"""The service that owns the metadata database; users never reach it."""
