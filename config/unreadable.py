"""Why a file could not be read, in the operator's words; config knows nothing of the adapters' own list."""


def unreadable(trouble: OSError | UnicodeDecodeError) -> str:
    """A few Chinese words; the system's own name of the error when it is a rare one."""
    match trouble:
        case FileNotFoundError() | NotADirectoryError():
            return "不存在"
        case IsADirectoryError():
            return "是文件夹"
        case PermissionError():
            return "没有权限"
        case UnicodeDecodeError():
            return "不是 UTF-8 编码"
    return type(trouble).__name__
