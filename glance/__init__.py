"""OpenStack Image service on a message bus."""
