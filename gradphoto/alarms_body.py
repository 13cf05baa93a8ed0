"""Alarms from the cameras' side: clocks, days, runs, and one check that fails again and again."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from gradphoto.alarm import Alarm, Scene, body_name, listed
from gradphoto.discrepancy import CHECKS, GEOMETRY, TEXTS
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.desk import LEAST_PAIRS, UNSURE
from gradphoto.matching.lanes import Shot
from gradphoto.matching.logs import logs
from gradphoto.matching.runs import Run
from gradphoto.matching.usual import usual

LEAST_PORTRAITS = 10
"""Of one body, of which a share says something."""
ONE_CHECK = 0.2
"""More than this share fails one check: the lens, the light or the white balance, not the students."""
CLOCK = timedelta(minutes=1)
"""A clock may differ by as much."""
LEAST_FRAMES = 3
"""Frames without a time before their body is said to have none."""

Body = Sequence[Run]


def body_alarms(scene: Scene) -> Iterator[Alarm]:
    """What is odd about a camera or about the order of its frames."""
    yield from _other_days(scene)
    yield from _long_runs(scene)
    for body in scene.bodies:
        yield from _clock(scene, body)
        yield from _no_times(scene, body)
        yield from _one_check(scene, body)


def _other_days(scene: Scene) -> Iterator[Alarm]:
    """By day; those of another session of the campaign are named with it."""
    own = scene.campaign.session(scene.session).date
    days: dict[date, set[str]] = defaultdict(set)
    for shot in (shot for body in scene.bodies for run in body for shot in run.shots):
        if shot.timed and shot.taken and shot.taken.date() != own:
            days[shot.taken.date()].add(_path(shot))
    for day, paths in sorted(days.items()):
        others = scene.campaign.days.get(day, ())
        where = f"（{others[-1].id} 当天）" if others else ""
        says = f"{len(paths)}张照片拍于{day}{where}：{listed(sorted(paths))}"
        yield scene.alarm("other-session" if others else "other-day", says)


def _long_runs(scene: Scene) -> Iterator[Alarm]:
    every = [run for body in scene.bodies for run in body]
    most = usual(every, scene.campaign.rules).most
    long = [run for run in every if run.owner.student_no and len(run.portraits) > most]
    if long:
        names = listed([f"{run.owner.student_no} {len(run.portraits)}张" for run in long])
        yield scene.alarm("long-runs", f"{len(long)}人名下的人像多于通常（{most}张），可能漏拍采集码：{names}")


def _clock(scene: Scene, body: Body) -> Iterator[Alarm]:
    """A camera cannot see a student before the desk did, and the shortest queue is a short one."""
    for log in logs(scene.rows):
        waits = _waits(log, body)
        if len(waits) < LEAST_PAIRS:
            continue
        usual_wait = sorted(wait for _, wait in waits)[len(waits) // 2]
        near = sorted(wait for _, wait in waits if abs(wait - usual_wait) <= UNSURE)
        if near and (usual_wait < -CLOCK or near[0] > CLOCK):
            side = "慢" if usual_wait < timedelta() else "快"
            apart = f"{body_name(body)} 的时钟比扫码台{side}约{_span(usual_wait)}（{len(waits)}人的中位数）"
            yield scene.alarm("clock-off", f"{apart}，请核对两边的时间")
        far = [f"{scene.whose(row)} {_span(wait)}" for row, wait in waits if abs(wait - usual_wait) > UNSURE]
        if far:
            yield scene.alarm("scan-far", f"{len(far)}人的扫码与拍摄相隔异常：{listed(far)}")


def _waits(log: Sequence[DeskRow], body: Body) -> list[tuple[DeskRow, timedelta]]:
    """For each code that both saw, by its first slate, the camera's time minus the desk's."""
    first: dict[str, Shot] = {}
    for run in body:
        if run.code and run.opener:
            first.setdefault(run.code, run.opener)
    return [
        (row, taken - row.at)
        for row in log
        if row.code in first and first[row.code].timed and (taken := first[row.code].taken)
    ]


def _no_times(scene: Scene, body: Body) -> Iterator[Alarm]:
    shots = [shot for run in body for shot in run.shots if shot.classified.frame.reading]
    if len(shots) >= LEAST_FRAMES and not any(shot.timed for shot in shots):
        says = f"{body_name(body)} 的{len(shots)}张照片都没有拍摄时间，只按文件名排序"
        yield scene.alarm("no-times", says)


def _one_check(scene: Scene, body: Body) -> Iterator[Alarm]:
    portraits = {shot.classified.frame.original.sha256 for run in body for shot in run.portraits}
    weighed = [scene.candidates[sha256] for sha256 in sorted(portraits) if sha256 in scene.candidates]
    counts = Counter(
        code for one in weighed for code in {each.code for each in one.troubles} if code in CHECKS | GEOMETRY
    )
    for code, count in sorted(counts.items()):
        if len(weighed) >= LEAST_PORTRAITS and count > ONE_CHECK * len(weighed):
            says = (
                f"{body_name(body)} 的{len(weighed)}张人像中有{count}张“{TEXTS[code]}”，请检查镜头、灯光和相机设置"
            )
            yield scene.alarm("one-check", says)


def _span(apart: timedelta) -> str:
    seconds = round(abs(apart).total_seconds())
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    less = f"{rest}秒" if rest or not seconds else ""
    less = f"{minutes}分{less}" if minutes else less
    return f"{hours}小时{less}" if hours else less


def _path(shot: Shot) -> str:
    return shot.classified.frame.original.path
