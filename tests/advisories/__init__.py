"""One module for each advisory and known weakness of Image services.

`index.yaml` lists them all.
"""
