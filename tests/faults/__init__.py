"""The service on real programs that are killed, frozen and cut off.

See doc/source/contributor/faults.rst.
"""
