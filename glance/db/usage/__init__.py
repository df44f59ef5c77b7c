"""Who uses an image."""
