"""What clients see: resources as JSON-able dicts."""
