"""Whose picture it is: a pure function of readings, rosters, logs and decisions.

One module a question, in the order in which they are asked: `kind` (what is this frame?), `lanes`
(in what order did one camera take them?), `bindings` (whose code is it?), `runs` (whom did the slate
open?), `doubts` (is something wrong within the run?), `match` (all of it for one session), `choose`
(which of a student's captures?), `ledger` (the state of every file and student).
"""
