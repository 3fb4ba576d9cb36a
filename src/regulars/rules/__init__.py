"""What we calculate and decide: values in, values out; no clock, no database, no network."""
