"""Tests; whether greenlets or threads is settled before any of them loads."""

from glance import startup  # noqa: F401
