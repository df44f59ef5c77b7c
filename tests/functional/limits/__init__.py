"""Limits registered in the identity service."""
