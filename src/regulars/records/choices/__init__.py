"""What each customer allowed: the ledger, the defaults, the suppression list."""
