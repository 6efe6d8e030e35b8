"""What Python's own unpackers raise on a damaged zip."""

from __future__ import annotations

import lzma
import zipfile
import zlib

# zipfile and the packers behind it (deflate, bzip2, LZMA); ValueError holds the name's encoding and a negative seek,
# OSError what bzip2 says. No file is opened under it.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
