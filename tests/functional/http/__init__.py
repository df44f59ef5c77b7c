"""HTTP requests to a whole service in one process."""
