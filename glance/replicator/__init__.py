"""Copies images between services, or between a service and a folder."""
