"""What S3 and its client complain of, as one line for the operator; never a secret, whatever they said."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from gradphoto.adapters.store import MissingObject, StoreTrouble

_KEYS = "访问密钥不对，请检查 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY"
_EXPIRED = "临时访问密钥已过期，请重新获取"
_DENIED = "没有权限，请检查访问密钥及其对存储桶的读、写、列举权限"
_REGION = "存储桶不在这个地区，请改正 AWS_DEFAULT_REGION 或 AWS_ENDPOINT_URL"
_BUSY = "S3 服务繁忙或出错，已多次重试，请稍后再试"
_SPOILED = "内容在传输中损坏，服务拒绝接收，请重试"
_FULL = "S3 服务的空间或配额已用完"
_ELSEWHERE = "这个地址上没有 S3 服务，请检查 AWS_ENDPOINT_URL，包括 http 还是 https"
_UNKNOWN = "S3 服务不支持所需的功能"
_REASONS = {
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
    "ExpiredToken": _EXPIRED,
    "InvalidToken": _EXPIRED,
    "AccessDenied": _DENIED,
    "AllAccessDisabled": _DENIED,
    "RequestTimeTooSkewed": "本机时钟与 S3 服务相差太大，请校准时间",
    "NoSuchBucket": "存储桶不存在，请先建好它，或改正 gradphoto.toml 中的 store",
    "InvalidBucketName": "存储桶的名称无效，请改正 gradphoto.toml 中的 store",
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "SecondLevelDomainForbidden": "S3 服务要求虚拟主机式地址，请在 AWS 配置文件中设 addressing_style = virtual",
    "BadDigest": _SPOILED,
    "InvalidDigest": _SPOILED,
    "XAmzContentSHA256Mismatch": _SPOILED,
    "QuotaExceeded": _FULL,
    "XMinioStorageFull": _FULL,
    "NotImplemented": _UNKNOWN,
}
_STATUS = {301: _REGION, 403: _DENIED, 404: _ELSEWHERE, 405: _ELSEWHERE, 429: _BUSY, 501: _UNKNOWN, 507: _FULL}
_KINDS: dict[type[BotoCoreError], str] = {
    exceptions.NoCredentialsError: "没有访问密钥，请设 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，或 AWS_PROFILE",
    exceptions.PartialCredentialsError: "访问密钥不全，请设 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY",
    exceptions.ProfileNotFound: "AWS 配置文件中没有 AWS_PROFILE 所说的一节",
    exceptions.ConfigParseError: "AWS 配置文件无法读取",
    exceptions.SSLError: "S3 服务的证书无法验证，请检查 AWS_ENDPOINT_URL 和 AWS_CA_BUNDLE",
    exceptions.ConnectTimeoutError: "连接 S3 服务超时，请检查网络和 AWS_ENDPOINT_URL",
    exceptions.ReadTimeoutError: "S3 服务没有回答，请检查网络后重试",
    exceptions.EndpointConnectionError: "连不上 S3 服务，请检查网络和 AWS_ENDPOINT_URL",
    exceptions.ProxyConnectionError: "连不上代理服务器，请检查 HTTPS_PROXY",
    exceptions.HTTPClientError: "与 S3 服务的连接中断，已多次重试，请检查网络后重试",
}


_ABSENT = ("NoSuchKey", "NotFound", "404")


@contextmanager
def told(bucket: str, key: str) -> Iterator[None]:
    """Within it, what S3 or its client raises is `MissingObject` or `StoreTrouble` with `key`."""
    try:
        yield
    except ClientError as trouble:
        if trouble.operation_name in ("GetObject", "HeadObject") and code(trouble) in _ABSENT:
            raise MissingObject(f"存储中没有 {key}") from None
        raise StoreTrouble(f"存储 {key}（存储桶 {bucket}）：{_refusal(trouble)}") from trouble
    except BotoCoreError as trouble:
        raise StoreTrouble(f"存储 {key}（存储桶 {bucket}）：{_failure(trouble)}") from trouble
    except RecursionError:  # botocore follows a redirection that says no region for ever
        raise StoreTrouble(f"存储 {key}（存储桶 {bucket}）：{_ELSEWHERE}") from None


def code(trouble: ClientError) -> str:
    """S3's own word for a refusal; only the status as text where there was no body to say it."""
    return trouble.response["Error"].get("Code", "")


def status(trouble: ClientError) -> int:
    """The HTTP status of a refusal."""
    return trouble.response["ResponseMetadata"]["HTTPStatusCode"]


def _refusal(trouble: ClientError) -> str:
    busy = _BUSY if status(trouble) >= 500 else f"S3 服务拒绝了请求（{code(trouble)}）"
    return _REASONS.get(code(trouble)) or _STATUS.get(status(trouble)) or busy


def _failure(trouble: BotoCoreError) -> str:
    known = (_KINDS[kind] for kind in type(trouble).__mro__ if kind in _KINDS)
    return next(known, f"S3 客户端错误（{type(trouble).__name__}）")
