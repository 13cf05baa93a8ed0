"""Links by which somebody without keys fetches one object from S3 itself, for a short time."""

from gradphoto.adapters.s3_client import linking


def link(bucket: str, name: str, endpoint: str, seconds: int, disposition: str) -> str:
    """An address below `endpoint`, as clients reach the service, that answers a GET with an object.

    The service sends `disposition` as the Content-Disposition. Nothing is asked of it here, so whether the object
    is there is not known. Botocore's exception when there are no credentials to sign with.
    """
    wanted = {
        "Bucket": bucket,
        "Key": name,
        "ResponseContentDisposition": disposition,
        "ResponseContentType": "application/zip",
    }
    return linking(endpoint).generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
