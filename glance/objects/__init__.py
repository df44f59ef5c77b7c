"""What travels between the rooms, and the states it may be in."""
