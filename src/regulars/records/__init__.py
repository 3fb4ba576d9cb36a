"""What we keep: shapes, reading doors, writing doors."""
