"""Power cuts on paper: what a program did to a folder, from its own system calls, and every way it may be found.

A program runs under strace; its calls become a journal of writes, names and fsyncs. `Disk` replays the journal up
to any moment under the worst that POSIX allows: bytes count only after an fsync of their file, names only after an
fsync of their folder, and whatever else was done may have reached the disk or not. The journal must come to
exactly the folder that the program left, so no call that matters can be missing from it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,truncate,ftruncate,fallocate,"
    "link,linkat,rename,renameat,renameat2,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync"
)
HARMLESS = {"open", "openat"}
"""Calls on a file of the folder that may also mean nothing here."""
_LINE = re.compile(r"(?P<pid>\d+) +(?P<rest>.*)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>(?P<rest>.*)", re.DOTALL)
_CALL = re.compile(r"(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+)(?P<more>.*)", re.DOTALL)
_PLACE = re.compile(r'(?P<at>AT_FDCWD|\d+)(?:<(?P<opened>[^>]*)>)?|"(?P<text>(?:\\x[0-9a-f]{2})*)"')


class Call(NamedTuple):
    """A system call that succeeded; it took effect between the lines `begin` and `end` of the log."""

    begin: int
    end: int
    name: str
    args: str
    result: int
    handle: int
    """The first number among its arguments: the file it is about, where it is about an open one."""
    opened: str
    """The path of that open file, else empty."""
    paths: tuple[str, ...]
    """Its arguments that are texts, each from the folder it is relative to."""


def trace(command: Sequence[str], log: Path, **environment: str) -> list[Call]:
    """Run a command to its good end; every call that changes files, in the order in which they began."""
    strace = ["strace", "-f", "-y", "-xx", "-s", "2000", "-qq", "--seccomp-bpf", "-e", f"trace={CALLS}"]
    with log.with_suffix(".err").open("wb") as errors:
        run = subprocess.run(
            [*strace, "-e", "signal=none", "-o", str(log), *command],
            env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
            stdout=errors,
            stderr=errors,
            timeout=600,
            check=False,
        )
    assert 0 == run.returncode, log.with_suffix(".err").read_text(errors="replace")
    return parse(log)


def parse(log: Path) -> list[Call]:
    """The calls of a log; what was interrupted by other processes' lines is put together again."""
    calls, waiting = [], dict[str, tuple[int, str]]()
    with log.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines):
            pid, rest = _LINE.match(line.rstrip("\n")).group("pid", "rest")
            begin, head = number, ""
            if resumed := _RESUMED.match(rest):
                begin, head = waiting.pop(pid)
                rest = resumed["rest"]
            if rest.endswith("<unfinished ...>"):
                waiting[pid] = begin, head + rest.removesuffix("<unfinished ...>")
            elif (found := _CALL.match(head + rest)) and int(found["result"]) >= 0:
                calls.append(_call(begin, number, found))
    return sorted(calls)


def _call(begin: int, end: int, found: re.Match[str]) -> Call:
    places = list(_PLACE.finditer(found["args"]))
    first = places[0] if places else None
    opened = _text(first["opened"] or "") if first else ""
    handle = int(first["at"]) if first and (first["at"] or "").isdigit() else -1
    paths, folder = [], ""
    for place in places:
        if place["at"]:
            folder = _text(place["opened"] or "")
        elif place["text"] is not None:
            paths.append(os.path.normpath(os.path.join(folder or os.sep, _text(place["text"]))))  # noqa: PTH118
    return Call(begin, end, found["name"], found["args"], int(found["result"]), handle, opened, tuple(paths))


def _text(hexadecimal: str) -> str:
    """Of what strace wrote byte by byte, or as it is."""
    if not hexadecimal.startswith("\\x"):
        return hexadecimal
    return bytes.fromhex(hexadecimal.replace("\\x", "")).decode(errors="replace")


def said(call: Call) -> str:
    """What was written to standard output or error."""
    if call.name != "write" or call.handle not in (1, 2):
        return ""
    return "".join(_text(text) for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', call.args))


@dataclass(eq=False)
class File:
    """A file, whatever its names: how it grew, when it was synced, and the bytes it ended with."""

    data: bytes = b""
    grew: list[tuple[int, int, int]] = field(default_factory=list)
    """(begin, end, length after it)."""
    syncs: list[tuple[int, int]] = field(default_factory=list)

    def durable(self, cut: float) -> int:
        """Bytes that no power cut at that moment takes away."""
        if not self.grew:
            return len(self.data)
        covered = [begin for begin, end in self.syncs if end < cut]
        return max((size for _, end, size in self.grew if covered and end < max(covered)), default=0)

    def written(self, cut: float) -> int:
        """Bytes that were written until then."""
        if not self.grew:
            return len(self.data)
        return max((size for begin, _, size in self.grew if begin < cut), default=0)


@dataclass(eq=False)
class Folder:
    """A folder: when it was synced, and what is in it at the end of the journal."""

    syncs: list[tuple[int, int]] = field(default_factory=list)
    names: dict[str, "File | Folder"] = field(default_factory=dict)


class Change(NamedTuple):
    """One change of names: `thing` gets a name in `folder`, and loses another one where it was renamed."""

    begin: int
    end: int
    folder: Folder
    name: str
    thing: File | Folder | None
    """None when the name goes."""
    source: tuple[Folder, str] | None = None


class Found(NamedTuple):
    """A file as it is found after a cut: that many bytes are there, and from `sure` on they may be zeros."""

    file: File
    size: int
    sure: int

    @property
    def data(self) -> bytes:
        """Its bytes; those of a file that did not live to the end are not known, and nobody's business."""
        return self.file.data[: self.sure].ljust(self.size, b"\0")[: self.size]

    @property
    def whole(self) -> bool:
        """Whether it has all the bytes that it ended with."""
        return self.size == self.sure == len(self.file.data)


Tree = dict[str, Found | None]
"""What is found after a cut, by path from the top; None for a folder."""


class Disk:
    """A folder's journal."""

    def __init__(self, top: Path, before: Mapping[str, bytes | None], calls: Iterable[Call]) -> None:
        """`before` is what stood there durably when the program began; None is a folder."""
        self.top, self._root = str(top), Folder()
        self._base: list[Change] = []
        self.changes: list[Change] = []
        for path, data in before.items():
            thing = Folder() if data is None else File(data)
            self._base.append(self._named(-1, -1, f"{top}/{path}", thing))
        self.calls = list(calls)
        self.syncs: list[tuple[int, int]] = []
        for call in self.calls:
            self._hear(call)
        self._final: Tree = dict(_look(top))
        self._learn(self._root, "")

    @property
    def end(self) -> int:
        """A moment after everything."""
        return max(call.end for call in self.calls) + 1

    def cuts(self, more: int = 0) -> list[float]:
        """Right before and right after each fsync, and `more` moments by chance."""
        by_chance = Random(0)
        edges = [edge for begin, end in self.syncs for edge in (begin - 0.5, end + 0.5)]
        return sorted({*edges, self.end, *(by_chance.randrange(self.end) + 0.5 for _ in range(more))})

    def after(self, cut: float, chance: float, seed: int = 0) -> Tree:
        """What is found after a power cut: of whatever is not sure to be there each has that chance to be."""
        dice = Random(f"{cut} {chance} {seed}")
        names: dict[Folder, dict[str, File | Folder]] = {}
        for change in self._base:
            names.setdefault(change.folder, {})[change.name] = change.thing
        for change in self.changes:
            if change.begin < cut and (dice.random() < chance or _synced(change, cut)):
                _apply(names, change)
        return dict(self._walk(self._root, "", names, cut, chance, dice))

    def _walk(self, folder, path, names, cut, chance, dice) -> Iterator[tuple[str, Found | None]]:
        for name, thing in sorted(names.get(folder, {}).items()):
            if isinstance(thing, Folder):
                yield path + name, None
                yield from self._walk(thing, f"{path}{name}/", names, cut, chance, dice)
            else:
                sure, written = thing.durable(cut), thing.written(cut)
                if 0 < chance < 1:
                    size = dice.randint(sure, written)
                    yield path + name, Found(thing, size, dice.choice((sure, size)))
                else:
                    size = written if chance else sure
                    yield path + name, Found(thing, size, size)

    def _hear(self, call: Call) -> None:
        if call.name in ("fsync", "fdatasync"):
            if thing := self._at(call.opened):
                thing.syncs.append((call.begin, call.end))
                self.syncs.append((call.begin, call.end))
        elif call.name in ("open", "openat", "creat"):
            self._open(call)
        elif call.name in ("write", "sendfile", "copy_file_range"):
            self._write(call)
        elif call.name in ("link", "linkat") and self._within(call.paths[1]):
            self.changes.append(self._named(call.begin, call.end, call.paths[1], self._at(call.paths[0])))
        elif call.name.startswith("rename") and any(map(self._within, call.paths)):
            self._rename(call)
        elif call.name in ("mkdir", "mkdirat") and self._within(call.paths[0]):
            self.changes.append(self._named(call.begin, call.end, call.paths[0], Folder()))
        elif call.name in ("unlink", "unlinkat", "rmdir") and self._within(call.paths[0]):
            self.changes.append(self._named(call.begin, call.end, call.paths[0], None))
        elif any(map(self._within, (call.opened, *call.paths))):
            raise AssertionError(f"a call that the model does not know: {call}")

    def _open(self, call: Call) -> None:
        path = call.paths[-1]
        if not self._within(path) or not ("O_CREAT" in call.args or "O_TRUNC" in call.args):
            return
        assert self._at(path) is None, f"a file is opened to be written over: {path}"
        self.changes.append(self._named(call.begin, call.end, path, File()))

    def _write(self, call: Call) -> None:
        thing = self._at(call.opened)
        if isinstance(thing, File):
            before = thing.grew[-1][2] if thing.grew else len(thing.data)
            thing.grew.append((call.begin, call.end, before + call.result))

    def _rename(self, call: Call) -> None:
        source, target = call.paths
        thing, parent = self._at(source), self._at(os.path.dirname(source))  # noqa: PTH120
        name = source.rpartition("/")[2]
        change = self._named(call.begin, call.end, target, thing)
        del parent.names[name]
        self.changes.append(change._replace(source=(parent, name)))

    def _named(self, begin: int, end: int, path: str, thing: File | Folder | None) -> Change:
        folder, _, name = path.rpartition("/")
        parent = self._at(folder)
        change = Change(begin, end, parent, name, thing)
        _apply({parent: parent.names}, change)
        return change

    def _within(self, path: str) -> bool:
        return path.startswith(self.top + "/")

    def _at(self, path: str) -> "File | Folder | None":
        """What stands there by now."""
        thing: File | Folder | None = self._root
        if path != self.top and not self._within(path):
            return None
        for name in path[len(self.top) + 1 :].split("/") if path != self.top else ():
            thing = thing.names.get(name) if isinstance(thing, Folder) else None
        return thing

    def _learn(self, folder: Folder, path: str) -> None:
        """The journal must come to what the program left; from there come the bytes."""
        names = {each.rpartition("/")[2] for each in self._final if each.rpartition("/")[0] == path.rstrip("/")}
        assert sorted(names) == sorted(folder.names), f"the journal is not what became of {path or 'the folder'}"
        for name, thing in folder.names.items():
            if isinstance(thing, Folder):
                self._learn(thing, f"{path}{name}/")
            else:
                data = self._final[path + name]
                assert thing.written(self.end) == len(data), f"the journal is not what became of {path}{name}"
                thing.data = data


def _synced(change: Change, cut: float) -> bool:
    return any(change.end < begin and end < cut for begin, end in change.folder.syncs)


def _apply(names: dict[Folder, dict[str, "File | Folder"]], change: Change) -> None:
    """A rename is one step: nobody finds both names or none of them."""
    if change.source:
        names.setdefault(change.source[0], {}).pop(change.source[1], None)
    if change.thing is None:
        names.setdefault(change.folder, {}).pop(change.name, None)
    else:
        names.setdefault(change.folder, {})[change.name] = change.thing


def _look(top: Path) -> Iterator[tuple[str, bytes | None]]:
    for path in sorted(top.rglob("*")):
        yield path.relative_to(top).as_posix(), None if path.is_dir() else path.read_bytes()


def look(top: Path) -> dict[str, bytes | None]:
    """What stands in a folder, by path; None for a folder."""
    return dict(_look(top))


def lay_out(tree: Tree, top: Path) -> None:
    """Make a folder as it is found after a cut; files keep the time stamps of long ago."""
    top.mkdir()
    for path, found in sorted(tree.items()):
        if found is None:
            (top / path).mkdir(mode=0o700)
        else:
            (top / path).write_bytes(found.data)
            os.utime(top / path, (1_688_256_000, 1_688_256_000))


def python(module: str, *arguments: str | Path) -> list[str]:
    """The command that runs a module."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def spread(things: Sequence, count: int) -> list:
    """At most so many of them, evenly from first to last."""
    if len(things) <= count:
        return list(things)
    return [things[round(step * (len(things) - 1) / max(count - 1, 1))] for step in range(count)]
