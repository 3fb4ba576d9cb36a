"""The customers: who they are and how they are found."""
