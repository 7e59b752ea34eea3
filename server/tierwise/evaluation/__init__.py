"""Measure tiers on one's own code: tasks made out of a repository, answered by each tier, graded by its tests.

``puzzles`` makes tasks of the code as it is, ``past`` of its history, ``grading`` says whether an answer solves one,
``trial`` lets every tier answer each, ``record`` keeps the outcomes in the format that tuning and replays read,
``summary`` says what came of it.
"""
