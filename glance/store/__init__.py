"""Image bytes: stores, the upload and download paths, content inspection."""
