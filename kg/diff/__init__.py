"""What has changed between two graphs, in words and as JSON."""
