"""Signing in with the company's own accounts (OpenID Connect): what is configured, and the talk with its provider."""

from regulars.connections.company_door.configured import CompanyDoor, DoorMisread, read_door
from regulars.connections.company_door.provider import Asked, NotBelieved, Provider, ProviderAway

__all__ = ["Asked", "CompanyDoor", "DoorMisread", "NotBelieved", "Provider", "ProviderAway", "read_door"]
