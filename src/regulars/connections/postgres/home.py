"""Home moved to regulars.connections.home, because keys and files live there, too."""

from regulars.connections.home import Home

__all__ = ["Home"]
