"""Figures for those who may not see the people: what is counted for whom, and everything each was told."""
