"""What a file means: columns, dates, amounts, rows that are set aside."""
