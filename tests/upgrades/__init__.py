"""Databases of older releases, with native threads as glance-manage has."""
