"""Why the system refused something, in the operator's words."""

import errno

_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超出允许的大小",
    errno.EIO: "磁盘读写错误",
    errno.EROFS: "磁盘是只读的",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限，或该磁盘不支持此操作",
    errno.EOPNOTSUPP: "该磁盘不支持此操作",
    errno.ENOENT: "不存在",
    errno.ENOTDIR: "不是文件夹",
    errno.ENODEV: "不是普通文件（管道、设备或套接字）",
    errno.EISDIR: "是文件夹",
    errno.EEXIST: "已存在",
    errno.ELOOP: "是符号链接",
    errno.ENAMETOOLONG: "路径过长",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
    errno.ESTALE: "网络磁盘连接已失效",
}


def reason(trouble: OSError) -> str:
    """A few Chinese words; the system's own name of the error when it is a rare one."""
    code = trouble.errno or 0
    return _REASONS.get(code) or f"系统错误 {errno.errorcode.get(code, type(trouble).__name__)}"
