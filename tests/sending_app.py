"""A server that sends a bundle and nothing else: `portal.sending` alone, without anybody signing in."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.s3_store import S3Store
from gradphoto.adapters.store import Store, digest
from gradphoto.packed import Packed
from portal.sending import send_bundle

NAME = "固原学院-v0003.zip"
KEY = "bundles/guyuan/guyuan-v0003.zip"


@dataclass
class Sent:
    """What the server sends; another bundle or another address may be put there meanwhile."""

    store: Store
    packed: Packed
    direct: str = ""


def packed_of(sha256: str, size: int) -> Packed:
    """The record of a bundle that only counts by its bytes."""
    return Packed(centre="guyuan", version=3, path=KEY, sha256=sha256, bytes=size, inputs="0" * 64, snapshot=1)


def put(store: Store, data: bytes) -> Packed:
    """Put a bundle into a store."""
    store.create(KEY, data)
    return packed_of(digest(data), len(data))


def sending(sent: Sent) -> FastAPI:
    """The application."""
    app = FastAPI()

    @app.api_route("/bundle", methods=["GET", "HEAD"])
    def bundle(request: Request) -> Response:
        return send_bundle(request, sent.store, sent.packed, NAME, sent.direct)

    @app.get("/api/bundle")
    def offer() -> dict[str, Any]:
        told = sent.packed.model_dump(mode="json", include={"centre", "version", "sha256", "bytes"})
        return {**told, "path": "/bundle"}

    return app


def in_folder(folder: Path, data: bytes) -> Sent:
    """A bundle in the embedded store."""
    store = FolderStore(folder)
    return Sent(store, put(store, data))


if __name__ == "__main__":  # BUCKET PREFIX SIZE PORT: a bundle of so many bytes on S3
    at = S3Store(*sys.argv[1:3])
    on_s3 = Sent(at, packed_of("0" * 64, int(sys.argv[3])))
    uvicorn.run(sending(on_s3), port=int(sys.argv[4]), log_level="error")
