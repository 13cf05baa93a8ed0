"""What reading, rendering and people put on record, by its journals."""

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.decision import Decision, Standing, standing
from gradphoto.original import Digest
from gradphoto.reading import Reading
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.known import first_by, lines_kept, lines_of
from gradphoto.stages.portraits import look_named
from gradphoto.versions import READER


def readings_journal(store: Store) -> Journal:
    """The records of readings; of two for one content the earlier counts."""
    return Journal(store, f"readings/{READER}")


def look_name(inputs: Inputs) -> str:
    """What portraits of one recipe and one profile are kept under."""
    return look_named(inputs.spec_digest)


def renders_journal(store: Store, inputs: Inputs) -> Journal:
    """The records of rendering with the snapshot's profile."""
    return Journal(store, f"renders/{look_name(inputs)}")


def decisions_journal(store: Store) -> Journal:
    """The records of decisions, one a record; the record's number is the decision's."""
    return Journal(store, "decisions")


def load_decisions(store: Store) -> tuple[Decision, ...]:
    """Every decision, in order."""
    return tuple(lines_kept(decisions_journal(store), Decision))


def decided(store: Store) -> Standing:
    """The decisions in force."""
    return standing(load_decisions(store))


def load_readings(store: Store) -> dict[Digest, Reading]:
    """The kept reading of every original that was read: the first."""
    return first_by(lambda one: one.sha256, lines_of(readings_journal(store), Reading))
