"""What was bought, line by line, and each customer's running totals."""
