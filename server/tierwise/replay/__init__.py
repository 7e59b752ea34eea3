"""What would routing have cost: the engine itself over recorded outcomes, and what can be learned from them."""
