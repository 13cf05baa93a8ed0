"""Report: what a run leaves in the workspace for people: the report and the mailing list, below `reports/`."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.store import Store
from gradphoto.alarms import alarm_lines
from gradphoto.conservation import unbalanced
from gradphoto.courier import Sender
from gradphoto.eligibility import alarms, eligibility
from gradphoto.matching.ledger import Ledger
from gradphoto.matching.unmet import unmet_text
from gradphoto.records import originals, sessions_with_originals
from gradphoto.report import report
from gradphoto.run import Run
from gradphoto.stages.addresses import addresses_now, addresses_of, flagged, remarks_of
from gradphoto.stages.alarms import alarms_of
from gradphoto.stages.consign import bundles_of, mailing_list, reconciled
from gradphoto.stages.forecast import makeup_of
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import load_season
from gradphoto.stages.standing import status_by


def write_report(store: Store, workspace: Path, number: int, run: Run, sender: Sender) -> tuple[Path, list[str]]:
    """Write report and mailing list of one run; the folder, and a line a count that does not agree."""
    season = load_season(store, run.snapshot)
    inputs = season.inputs
    known = addresses_now(store, inputs)
    made, wrong = reconciled(
        store, inputs.campaign, addresses_of(known), inputs.held_addresses, sender, remarks_of(known)
    )
    bundles = bundles_of(store, inputs.campaign)
    ledger = season.ledger(bundles.values())
    standing = status_by(store, season, bundles, ledger)
    taken = [one for session in sessions_with_originals(store) for one in originals(store, session)]
    remarks = [*alarms(inputs.register.students.values(), inputs.campaign), *wrong]
    remarks += flagged(inputs.campaign, known)
    remarks += unbalanced(taken, ledger, standing, bundles)
    sessions = [one.session for one in run.sessions]
    remarks += [*unsaid(season), *noted(ledger, sessions), *map(unmet_text, season.unmet)]
    makeup = makeup_of(store, season, ledger)
    first = [
        *alarm_lines(alarms_of(season, sessions)),
        *([makeup.alarm] if makeup and makeup.alarm else []),
        *remarks,
    ]
    coming = [makeup.line] if makeup else []
    text = report(number, run, standing, ledger, season.held, inputs.register.warnings, first, coming)
    folder = workspace / "reports" / f"run-{number:04d}"
    write_fresh(folder, {"report.md": text.encode(), **mailing_list(made)})
    return folder, remarks


def unsaid(season: Season) -> list[str]:
    """How many students' columns do not say whether they are eligible, so that they were taken as such."""
    students = season.inputs.register.students.values()
    count = sum(bool(eligibility(student, season.inputs.campaign).warning) for student in students)
    return [f"名册中有 {count} 名学生的办学类型、层次或入学学期没有写明，按符合采集范围处理"] if count else []


_TOLD = ("without-code",)


def noted(ledger: Ledger, sessions: Iterable[str]) -> list[str]:
    """How many files of each session bear one of the notes that somebody must know of, by its words."""
    lines = []
    for session in sessions:
        notes = (note for entry in ledger.of_session(session) for note in entry.notes)
        counts = Counter(note.text for note in notes if note.code in _TOLD)
        lines += [f"{session} 有 {count} 个文件：{text}" for text, count in sorted(counts.items())]
    return lines
