"""Configuration files as installation guides write them start and serve."""
