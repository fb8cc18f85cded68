"""What writes the schemas of this folder from the message models."""
