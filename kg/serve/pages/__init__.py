"""What readers see: pages of things, and the explorer."""
