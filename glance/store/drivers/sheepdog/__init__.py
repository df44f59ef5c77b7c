"""Images as virtual disks (VDIs) of a Sheepdog cluster."""
