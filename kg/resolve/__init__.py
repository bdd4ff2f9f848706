"""Names to entities: within an article (`within`), and across articles (`across`)."""
