"""XML from strangers: read whole within bounds, and nothing of it resolved."""

from __future__ import annotations

import os
from typing import Any

from pubservice.errors import InvalidFileError, MissingExtraError, Problem
from pubservice.io.file import NotADocumentError, bound_values, read_bytes
from pubservice.messages import Message

MAX_BYTES = 16 * 2**20  # as text; as a tree it takes ten times as much


def read_xml(path: str | os.PathLike[str], *, extra: str, max_bytes: int = MAX_BYTES) -> Any:
    """
    Return the root of an XML file as an element of lxml, without comments and processing instructions.

    Args:
        path: The file, in any encoding that it names.
        extra: The extra of pubservice that brings lxml.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: It cannot be read, is larger than allowed, no XML, nested deeper than 256 levels, or declares
            a document type: what that could add is for machines to fetch or to multiply.
        MissingExtraError: lxml is not installed.
    """
    try:
        from lxml import etree
    except ImportError:
        raise MissingExtraError("lxml", extra) from None
    name = os.fspath(path)
    content = read_bytes(path, max_bytes=max_bytes)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        bound_values(content.count(b"<") + content.count(b"="), max_bytes=max_bytes)
        root = etree.fromstring(content, parser)
    except NotADocumentError as error:
        raise InvalidFileError(name, [Problem("", error.message, error.line)]) from None
    except etree.XMLSyntaxError as error:
        message = Message("not XML: {why}", why=str(error.msg)[:200])
        raise InvalidFileError(name, [Problem("", message, error.lineno)]) from None
    doctype = root.getroottree().docinfo.doctype
    if doctype:
        message = Message("expected no document type, found {found!r}", found=str(doctype)[:80])
        raise InvalidFileError(name, [Problem("", message, root.sourceline)])
    return root
