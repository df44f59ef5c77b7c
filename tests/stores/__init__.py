"""Real stores, each through its driver and through the whole service.

They need servers: `tox -e stores` by tools/test.sh starts them.
"""
