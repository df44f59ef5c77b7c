"""The image cache, through the whole service."""
