"""SMTP out; a local post box for demo and tests."""
