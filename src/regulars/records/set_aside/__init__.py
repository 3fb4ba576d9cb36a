"""Rows of files that were set aside: sealed under a key of their file, opened for those who mend them."""
