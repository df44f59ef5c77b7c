"""Bytes on their way between clients, stores and stores."""
