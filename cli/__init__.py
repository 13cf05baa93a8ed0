"""The commands: arguments in, a table or one JSON document out."""
