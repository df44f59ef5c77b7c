"""Rows of images and of what belongs to one: members, locations, audits."""
