"""Relations: frames propose, a calibrated ranker over candidate pairs adds and vetoes."""
