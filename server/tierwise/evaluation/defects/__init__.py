"""How well reviews find defects: seeded ones, each in a file with and without it, looked for in several ways.

``cases`` reads the files in ``cases/``, ``real`` seeds defects into open source files that are here, ``ways`` says who
looks, ``hunt`` lets every way look at every file with the engine and the stages of `tierwise review`, ``score`` says
what that is worth, ``scripted`` plays models whose sight is known, so that the arithmetic can be checked and shown
without keys.
"""
