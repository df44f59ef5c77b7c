"""What conductors do, by kind of work."""
