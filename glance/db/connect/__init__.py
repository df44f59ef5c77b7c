"""How the database is reached, on each engine."""
