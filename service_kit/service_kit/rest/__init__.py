"""What a JSON API needs beyond DRF: strict input, cursor pages, problem details (RFC 9457), probes."""
