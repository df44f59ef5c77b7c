"""Images as objects of Swift."""
