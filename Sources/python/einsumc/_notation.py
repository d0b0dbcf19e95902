"""Equations as lists of labels, where the Python part needs to know them; what is wrong with one, the library says."""

import functools
import operator
import re
import string

LETTERS = string.ascii_uppercase + string.ascii_lowercase
ELLIPSIS = "..."
_TOKEN = re.compile(r" *(?:\{(?P<name>\w+)\}|(?P<ellipsis>\.\.\.)|(?P<letter>[^\W\d_])) *")


class MalformedEquation(ValueError):
    """The text is not an equation; why, the library can say better."""


def split_arguments(arguments):
    """The equation and the operands of a call in either of numpy's two forms."""
    if not arguments:
        raise ValueError("einsum needs an equation and its operands, or operands and their lists of subscripts")
    if isinstance(arguments[0], str):
        equation, operands = arguments[0], arguments[1:]
        if not operands:
            raise ValueError(f"the equation {equation!r} has no operands")
        return equation, operands
    if isinstance(arguments[0], bytes):
        return split_arguments((arguments[0].decode("ascii"), *arguments[1:]))
    if len(arguments) < 2:
        raise ValueError("einsum needs an equation and its operands, or operands and their lists of subscripts")
    pairs = len(arguments) // 2
    output = arguments[-1] if len(arguments) % 2 else None
    return _equation_of_lists(arguments[1 : 2 * pairs : 2], output), arguments[0 : 2 * pairs : 2]


def _equation_of_lists(lists, output):
    """The text of an equation in interleaved form. Numbers below 52 become letters, as in numpy, and so sort the
    same; others become names in braces."""
    terms = [_entries(entries, f"operand {number}") for number, entries in enumerate(lists)]
    if output is not None:
        output = _entries(output, "the output")
    elif any(entry is not ... and entry >= len(LETTERS) for term in terms for entry in term):
        flat = [entry for term in terms for entry in term]
        once = sorted(entry for entry in set(flat) - {...} if flat.count(entry) == 1)
        output = ([...] if ... in flat else []) + once
    text = ",".join("".join(map(_written, term)) for term in terms)
    return text if output is None else text + "->" + "".join(map(_written, output))


def _entries(entries, what):
    try:
        iterator = iter(entries)
    except TypeError:
        raise TypeError(f"the subscripts of {what} are not a list: {entries!r}") from None
    result = []
    for entry in iterator:
        if entry is not ...:
            try:
                entry = operator.index(entry)
            except TypeError:
                raise TypeError(f"subscripts are integers or Ellipsis; {what} has {entry!r}") from None
            if entry < 0:
                raise ValueError(f"subscripts are not negative; {what} has {entry}")
        result.append(entry)
    return result


def _written(entry):
    if entry is ...:
        return ELLIPSIS
    return LETTERS[entry] if entry < len(LETTERS) else f"{{{entry}}}"


def _labels(term):
    labels, position = [], 0
    term = term.strip(" ")
    while position < len(term):
        match = _TOKEN.match(term, position)
        if match is None:
            raise MalformedEquation(term)
        label = match["name"] or match["letter"] or ""
        # Digits such as '²' are of \w and \W alike, but no labels.
        if not all(c.isalpha() or c.isdecimal() or c == "_" for c in label):
            raise MalformedEquation(term)
        labels.append(label or ELLIPSIS)
        position = match.end()
    return labels


def _sort_key(label):
    return (0, int(label), "") if label.isdecimal() else (1, 0, label)


def parse(equation):
    """The labels of each input and of the output; an ellipsis is '...'."""
    left, arrow, right = equation.partition("->")
    inputs = [_labels(term) for term in left.split(",")]
    if arrow:
        return inputs, _labels(right)
    flat = [label for term in inputs for label in term]
    once = sorted((label for label in set(flat) - {ELLIPSIS} if flat.count(label) == 1), key=_sort_key)
    return inputs, ([ELLIPSIS] if ELLIPSIS in flat else []) + once


@functools.lru_cache(maxsize=4096)
def terms_of(equation, ranks):
    """The labels of each input and of the output, for operands of so many axes each; an ellipsis is written out as
    its axes: '...0' is the last, '...1' the one before."""
    inputs, output = parse(equation)
    widths = [rank - len(term) + 1 if ELLIPSIS in term else 0 for term, rank in zip(inputs, ranks)]
    if any(width < 0 for width in widths) or len(inputs) != len(ranks):
        raise MalformedEquation(inputs)
    expanded = tuple(_expanded(term, width) for term, width in zip(inputs, widths))
    return expanded, _expanded(output, max(widths, default=0))


def _expanded(term, width):
    result = []
    for label in term:
        result += [f"...{axis}" for axis in reversed(range(width))] if label == ELLIPSIS else [label]
    return tuple(result)


@functools.lru_cache(maxsize=4096)
def write(inputs, output):
    """An equation of such labels, as tuples, with letters while there are enough."""
    names = {}
    for label in [label for term in [*inputs, output] for label in term]:
        number = len(names)
        names.setdefault(label, LETTERS[number] if number < len(LETTERS) else f"{{{number}}}")
    texts = ["".join(names[label] for label in term) for term in [*inputs, output]]
    return ",".join(texts[:-1]) + "->" + texts[-1]
