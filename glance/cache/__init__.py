"""Images on the disks of API hosts: fetched once, served by sendfile."""
