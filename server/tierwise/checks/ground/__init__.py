"""What checks stand on: the workspace they may look at, the tools there are, and how to run them without harm."""
