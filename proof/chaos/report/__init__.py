"""What a person looks at after a run: a page, a picture, and a short text."""
