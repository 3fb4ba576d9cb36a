"""What the value rules found out about each customer, and month by month."""
