"""What is marked with `_` in templates and scripts, as whoever looks reads it.

What stands behind a `|` is no part of the text. It tells apart what is one word in Chinese and two in English, as
`教学点` at the head of a column and `教学点|一览` over a list of them; and it names what is only a comma.
"""

from gradphoto.language import shown


def marked(text: str) -> str:
    """The text in the language of whoever looks."""
    said = shown(text)
    return text.partition("|")[0] if said == text else said
