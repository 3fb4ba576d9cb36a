"""To whom data goes, from whom it came: partners, contracts, what was released, what was bought."""
