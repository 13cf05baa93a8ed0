"""Paragraphs: nothing is lost, no line is too wide, and no mark stands where Chinese does not put it."""

from hypothesis import given
from hypothesis import strategies as st

from gradphoto.paragraphs import broken

TEXTS = st.text(st.sampled_from("一二三四，。（）《》：12:30—ab.cn 、"), max_size=60)


def breadth(line: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in line)


def lines_of(text: str, most: float) -> list[str]:
    return broken(text, [breadth(char) for char in text], most)


@given(TEXTS, st.floats(4, 30))
def test_the_lines_are_the_text_and_none_is_wider_than_the_paper(text: str, most: float) -> None:
    lines = lines_of(text, most)
    assert text == "".join(lines)
    assert all(breadth(line) <= most for line in lines)


@given(st.text(st.sampled_from("一二三四五"), min_size=1, max_size=30), st.integers(4, 9))
def test_a_closing_mark_goes_down_with_what_it_closes(words: str, most: int) -> None:
    text = "".join(f"{char}{'，' if at % 3 == 2 else ''}" for at, char in enumerate(words))
    assert not any(line.startswith("，") for line in lines_of(text, most)[1:])


def test_a_time_stays_in_one_piece() -> None:
    assert ["请于", "14:30—17:00", "到"] == lines_of("请于14:30—17:00到", 6.5)
