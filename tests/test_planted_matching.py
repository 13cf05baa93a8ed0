"""The laws of the matching are worth something: each planted bug breaks its law, and without it the law holds."""

import pytest

from tests.planted_matching import BUGS


@pytest.mark.parametrize("bug", BUGS)
def test_the_matching_keeps_the_law_that_the_bug_would_break(bug: str) -> None:
    BUGS[bug].law()


@pytest.mark.parametrize("bug", BUGS)
def test_the_planted_bug_is_found(bug: str) -> None:
    with BUGS[bug].planted(), pytest.raises(AssertionError):
        BUGS[bug].law()
