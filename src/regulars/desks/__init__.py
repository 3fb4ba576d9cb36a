"""Where people meet the data: one folder per kind of person."""
