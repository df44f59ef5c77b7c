"""What the registry does when called: one small class for each resource."""
