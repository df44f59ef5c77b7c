"""Copying images between services and folders."""
