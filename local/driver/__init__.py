"""The clients of the shop that the end-to-end tests, the proof and the demonstration use."""
