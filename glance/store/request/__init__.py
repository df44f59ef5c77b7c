"""The bytes of a request body, whatever server it came through."""
