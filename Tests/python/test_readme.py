"""The README's Python runs, and prints what its comments say."""

import contextlib
import io
import pathlib
import re

import pytest

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)


def test_there_is_some():
    assert BLOCKS


@pytest.mark.parametrize("block", BLOCKS)
def test_block(block):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, str(README), "exec"), {})
    expected = re.findall(r"^ *print\(.*# prints (.*)$", block, re.MULTILINE)
    assert printed.getvalue().splitlines() == expected
