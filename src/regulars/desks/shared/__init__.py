"""Sign-in, base templates, fragments for tables and charts."""
