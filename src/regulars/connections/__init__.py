"""The outside world: database logins, warehouse, files, mail, keys."""
