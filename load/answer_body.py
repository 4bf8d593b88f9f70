"""Reading an answer to its end, when it has one.

A target, or something on the way to it, may send a body without end or one that no memory holds. Either way
the answer is lost: whoever asked must find out another way.
"""

import time
from collections.abc import Callable

import requests

MOST = 64 << 20  # bytes, unpacked; the largest answer, a conversation with 500 parts, stays far below
LONGEST = 300.0  # seconds from the head of an answer to its end; single waits have their own timeout
_BLOCK = 1 << 16


class EndlessError(Exception):
    """The body is larger, or takes longer, than any answer of Intercom's."""


def read_body(
    response: requests.Response,
    *,
    most: int = MOST,
    longest: float = LONGEST,
    clock: Callable[[], float] = time.monotonic,
) -> bytes:
    """The body of a streamed `response`, unpacked. Its connection is kept only when it ended well.

    Raises EndlessError, or urllib3.exceptions.HTTPError for what the network does.
    """
    began, body = clock(), bytearray()
    try:
        # read1 takes what is there: one that waits for a whole block would not see the clock in between.
        while block := response.raw.read1(_BLOCK, decode_content=True):
            body += block
            if len(body) > most:
                raise EndlessError(f"the answer is larger than {most >> 20} MB")
            if clock() - began > longest:
                raise EndlessError(f"the answer did not end in {longest:.0f} s")
    except BaseException:
        response.close()
        raise
    response.raw.release_conn()
    return bytes(body)
