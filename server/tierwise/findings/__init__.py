"""What is wrong in a workspace: looked for unit by unit, cheaply at first, confirmed by a stronger model, and kept.

``units`` cuts documents into pieces with keys made of their content; ``survey`` finds those of a workspace;
``triage`` and ``confirmation`` ask models about them; ``store`` keeps what came of it for every later run, branch and
editor; ``scan`` does all of it within a budget; ``sarif`` writes it for other tools.
"""
