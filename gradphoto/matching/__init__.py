"""Whose picture it is: a pure function of readings, rosters, logs and decisions.

One module a question, in the order in which they are asked: `companions` and `kind` (what is this frame?),
`places` and `remade` (which of its copies tells the order, and is it whole?), `rolls`, `strands`, `bodies` and
`lanes` (in what order did one camera take them?), `bindings` (whose code is it?), `runs` (whom did the slate
open?), `logs`, `desk` and `scans` (who was scanned and shows no slate?), `doubts` (is something wrong within the
run?), `sidecars` and `claims` (whom do a table and a file's name say?), `evidence`, `notes` and `match` (all of it
for one session), `season` and `shares` (every session, and what a person decided), `unmet` (which of that meets no
portrait any more?), `choose` (which of a student's captures?), `ledger` (the state of every file and student).
"""
