"""What HTTP asks of every answer: who may ask, negotiation, errors, conditions."""
