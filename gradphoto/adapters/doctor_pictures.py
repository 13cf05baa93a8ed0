"""Trying the networks and the strict decoder on a shipped picture, in a process as the work has it."""

from importlib.resources import files

from gradphoto.adapters.imaging.models import DamagedModel, load
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.processes import Died, WorkersTrouble, each
from gradphoto.doctor import Finding, good, unfit
from gradphoto.reading import Reading

_FRAME = "sitter-01.jpg"
_NETWORKS = ("short-range", "full-range", "mesh", "person")
_AGAIN = "请重新安装 gradphoto"


def pictures() -> list[Finding]:
    """What comes of a good picture and of one that was cut off."""
    data = (files("gradphoto") / "demo" / "frames" / _FRAME).read_bytes()
    try:
        whole, cut = (outcome for _, outcome in each(_read, [data, data[: len(data) // 2]], 1))
    except (DamagedModel, ImportError, OSError, WorkersTrouble) as trouble:
        says = str(trouble) if isinstance(trouble, DamagedModel | WorkersTrouble) else type(trouble).__name__
        return [unfit("models", f"识别失败：{says}", _AGAIN)]
    return [_models(whole), _decoder(cut)]


def _read(data: bytes) -> Reading:
    for name in _NETWORKS:  # one of them is asked only where another finds nothing
        load(name)
    return read_original(data, "0" * 64, _FRAME)


def _models(whole: Reading | Died) -> Finding:
    if isinstance(whole, Died):
        return unfit("models", "工作进程在识别样片时终止", f"处理器或内存可能不够，{_AGAIN}")
    if whole.faces != 1:
        return unfit("models", f"样片中应有 1 张脸，找到 {whole.faces} 张", _AGAIN)
    return good("models", "校验值相符，样片中找到了脸")


def _decoder(cut: Reading | Died) -> Finding:
    if isinstance(cut, Died) or not cut.trouble:
        return unfit("decoder", "截断的照片没有被发现", _AGAIN)
    return good("decoder", "能发现截断的照片")
