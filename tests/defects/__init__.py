"""Faults that older Image services have, each with a test that ours has not.

`index.yaml` lists them all.
"""
