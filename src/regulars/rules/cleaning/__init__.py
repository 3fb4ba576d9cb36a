"""What people write, made clean: every cleaner tells what it changed, why, and what it doubts; the original stays."""
