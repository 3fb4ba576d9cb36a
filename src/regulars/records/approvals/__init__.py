"""What one person proposed and a second has to approve: the acts this holds for, and every proposal."""
