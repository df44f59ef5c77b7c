"""What is wrong with a configuration."""


class ConfigurationError(RuntimeError):
    """A program cannot run so; the text says what is wrong, and where."""
