"""What we keep: one folder per subject, with its shape (models), its reading door (access) and its writing door
(actions)."""
