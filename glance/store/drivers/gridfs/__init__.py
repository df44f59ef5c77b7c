"""Images in GridFS, the files of MongoDB."""
