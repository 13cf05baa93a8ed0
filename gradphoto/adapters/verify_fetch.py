"""What `fetch.txt` says is still to be fetched. It is only read: nothing is ever asked of a network."""

from pathlib import Path
from urllib.parse import urlsplit

from gradphoto.adapters.verify_manifests import bag_path
from gradphoto.adapters.verify_tags import BadTag, Declaration, lines

FETCH = "fetch.txt"


def fetched(folder: Path, said: Declaration) -> dict[str, str]:
    """The address of each path that `fetch.txt` lists, `BadTag` for a line that says none or leads outside."""
    path = folder / FETCH
    if not path.is_file():
        return {}
    return dict(_hole(f"{FETCH} 第{number}行", line) for number, line in lines(path, said.encoding))


def _hole(where: str, line: str) -> tuple[str, str]:
    parts = line.strip().split(None, 2)
    if len(parts) != 3 or not (parts[1] == "-" or parts[1].isdecimal()):
        raise BadTag(f"{where}：应为“网址 字节数 路径”")
    try:
        address = urlsplit(parts[0])
    except ValueError:
        raise BadTag(f"{where}：网址 {parts[0][:200]!r} 无法解析") from None
    if not address.scheme or not (address.netloc or address.scheme == "file"):
        raise BadTag(f"{where}：网址 {parts[0][:200]!r} 不完整")
    return bag_path(parts[2], where), parts[0]
