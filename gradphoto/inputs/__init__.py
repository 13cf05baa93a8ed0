"""What people bring in sheets, from cells to types: rosters, desk logs, the mailing list.

A bad row is held and named by file, row and column, and the rest is read; nothing is repaired.
"""
