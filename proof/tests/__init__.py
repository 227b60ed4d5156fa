"""Tests of the proof's own parts, and the crash matrix."""
