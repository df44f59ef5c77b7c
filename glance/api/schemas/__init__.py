"""JSON schemas of requests and of the documents below /v2/schemas."""
