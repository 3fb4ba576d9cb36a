"""Test group and hold-out, effects with intervals, profiles."""
