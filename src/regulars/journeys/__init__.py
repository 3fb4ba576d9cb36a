"""What happens across records: one file per business sentence."""
