"""What is checked of every document: figures of its prose, the paths it names, its commands, its spelling and links."""
