"""Our own checks for flake8."""
