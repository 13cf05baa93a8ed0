"""What a purge cannot reach: the list that a person goes through, and signs.

A total stands in the purge's record and on its receipt, so it names no file; what it is in full is shown before.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gradphoto.adapters.store import Store
from gradphoto.copies import card_copies
from gradphoto.exports import exports
from gradphoto.matching.kind import is_scanlog, is_sheet_name
from gradphoto.original import Original
from gradphoto.packed import journal
from gradphoto.prints import prints_of
from gradphoto.purge import Purge, mark
from gradphoto.purge_cover import Cover
from gradphoto.records import originals, sessions_with_originals
from gradphoto.stages.releases import parcels
from gradphoto.stages.season import Season
from gradphoto.told import told_records


class Beyond(NamedTuple):
    """One kind of thing: a Chinese line, and the places that it counts."""

    total: str
    places: tuple[str, ...] = ()


def beyond(store: Store, workspace: Path, url: str, season: Season, purge: Purge, covered: Cover) -> list[Beyond]:
    """Everything that somebody else must see to, what can be counted first."""
    return [
        *_sources(store, workspace, purge),
        *_drives(store, purge),
        *_doubtful(covered),
        *_elsewhere(store, season, purge),
        *_printed(store, season, purge),
        *_exported(store, purge),
        *_sent(store, purge),
        *_told(store, purge),
        *_posted(purge),
        Beyond("备份：先运行 gradphoto backup 再对每个备份运行 gradphoto purge --store，未接上的备份须另行销毁"),
        Beyond("已下载、拷走或交给教学点的照片包和照片：须由持有人删除"),
        Beyond(
            "工作区的名册、邮寄名单、reports/ 和 manifests/，以及存储中作为运行依据的名册（inputs/）：按学籍管理"
        ),
        *(
            [Beyond("S3 存储桶若开启了版本控制，旧版本仍在：须由管理员删除对象的历史版本")]
            if url.startswith("s3")
            else []
        ),
    ]


def _sources(store: Store, workspace: Path, purge: Purge) -> Iterator[Beyond]:
    """The files that they were taken from, by source, as far as these still lie there."""
    dead = {stone.sha256 for stone in purge.tombstones}
    lying: dict[str, list[str]] = {}
    for session in sessions_with_originals(store):
        for one in originals(store, session):
            if one.sha256 in dead and (workspace / one.source / one.path).is_file():
                lying.setdefault(one.source, []).append(f"{one.source}/{one.path}")
    for source, paths in sorted(lying.items()):
        tables = any(is_scanlog(path) or is_sheet_name(path) for path in paths)
        what = "须手工删除；日志须删去他们的行" if tables else "须手工删除"
        yield Beyond(f"来源 {_named(source)}：其中 {len(paths)} 个文件还在，{what}", tuple(paths))


def _named(source: str) -> str:
    """A folder of the workspace by its name; what lies elsewhere is shown in the list alone."""
    return source if source.startswith("inbox/") else "（工作区以外的文件夹）"


def _drives(store: Store, purge: Purge) -> Iterator[Beyond]:
    dead = {stone.sha256 for stone in purge.tombstones}
    for session in sorted({key.split("/")[1] for key in store.keys("copies")}):
        for copy in card_copies(store, session):
            if held := len(dead & set(copy.contents)):
                yield Beyond(
                    f"场次 {session} 拷卡的 {copy.drives} 个硬盘：一张存储卡的拷贝中有 {held} 个文件，须手工删除"
                )


def _doubtful(covered: Cover) -> Iterator[Beyond]:
    for session, count in sorted(Counter(one.session for one in covered.doubtful).items()):
        paths = tuple(_path(one) for one in covered.doubtful if one.session == session)
        yield Beyond(
            f"场次 {session} 有 {count} 个文件不知是谁的（异常文件、待核对），是否拍到了他们须逐张查看", paths
        )


def _elsewhere(store: Store, season: Season, purge: Purge) -> Iterator[Beyond]:
    """Who came from another centre stands in its older bundles, which are not this centre's to destroy."""
    dead = {stone.sha256 for stone in purge.tombstones}
    for centre in season.inputs.campaign.centres:
        for version, lines in journal(store, centre.id).records():
            held = sum(line["delivery"]["source_sha256"] in dead for line in lines if "delivery" in line)
            if held and f"packed/{centre.id}/{version:06d}.jsonl" not in purge.redact:
                yield Beyond(
                    f"教学点 {centre.id} 照片包第 {version} 版：其中有 {held} 名转来学生的照片，按学号销毁才会删去"
                )


def _printed(store: Store, season: Season, purge: Purge) -> Iterator[Beyond]:
    """The PDFs that went to the lab, each by its name and digest; in which folder they lie nobody knows."""
    dead = {stone.sha256 for stone in purge.tombstones}
    every = (one for centre in season.inputs.campaign.centres for one in prints_of(store, centre.id))
    held = [one for one in every if any(each.source in dead for each in one.prints)]
    if held:
        places = tuple(f"{one.file} sha256 {one.sha256}" for one in held)
        yield Beyond(f"冲印文件（PDF）：{len(held)} 个含有他们的照片，须在拷到的各处和冲印店删除", places)


def _exported(store: Store, purge: Purge) -> Iterator[Beyond]:
    """The same for exports, which went to somebody else's system."""
    dead = {stone.sha256 for stone in purge.tombstones}
    held = [one for one in exports(store).values() if any(each.source in dead for each in one.photos)]
    if held:
        places = tuple(f"{one.file}（{one.profile}）sha256 {one.sha256}" for one in held)
        yield Beyond(f"导出的照片：{len(held)} 次导出含有他们的照片，须在交给的各单位和系统中删除", places)


def _sent(store: Store, purge: Purge) -> Iterator[Beyond]:
    dead = {stone.sha256 for stone in purge.tombstones}
    numbers = [one.number for one in parcels(store) if any(each.source in dead for each in one.prints)]
    if numbers:
        yield Beyond(f"已放行的冲印照片：{len(numbers)} 个包裹，寄出的须由收件方处理", tuple(numbers))


def _told(store: Store, purge: Purge) -> Iterator[Beyond]:
    """The files of notices that name them, not the group's text; in which folder these lie nobody knows."""
    marks = frozenset(purge.marks)
    held = [one for one in told_records(store) if any(mark(said.student_no) in marks for said in one.notices)]
    names = tuple(sorted({name for one in held for name in one.files if not name.endswith(".txt")}))
    if held:
        yield Beyond(f"发给学生的通知：{len(names)} 个文件写有他们的姓名和学号，须在拷到的各处删除", names)


def _posted(purge: Purge) -> Iterator[Beyond]:
    """Tables and posters of slots; on which walls these hang nobody knows."""
    centres = sorted({key.split("/")[1] for key in purge.redact if key.startswith("slots/")})
    names = tuple(f"时段-{centre}.{ending}" for centre in centres for ending in ("xlsx", "pdf"))
    if centres:
        yield Beyond(f"时段表和海报：{len(centres)} 个教学点的写有他们，须撕下、在拷到的各处删除", names)


def _path(original: Original) -> str:
    return f"{original.source}/{original.path}"
