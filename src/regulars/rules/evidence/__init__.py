"""Proof that a log was only ever added to: trees of hashes, canonical lines, signed checkpoints."""
