"""Images as files in local or mounted folders."""
