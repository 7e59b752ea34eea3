"""A loopback server that speaks the vendors' wire formats as they stream, with texts from a script.

`tierwise demo`, tests and benchmarks use it: everything is real but the models' words.
"""

from .request import Request
from .script import Cue, Line, Rule, Script, ScriptError, load
from .server import Rehearsal

__all__ = ["Cue", "Line", "Rehearsal", "Request", "Rule", "Script", "ScriptError", "load"]
