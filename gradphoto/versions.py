"""The versions that a reading and a portrait carry; raise one when its results change."""

READER = "r4"
"""Version of `Reading`: what is kept about an original. Readings of another version are made anew."""

RECIPE = "p2"
"""Version of the way from reading to pixels and tags; it stands in every portrait's Software tag."""
