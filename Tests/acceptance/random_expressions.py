"""Random expressions through `einsumc run` against numpy: 1 to 6 operands, 0 to 7 dimensions, repeated labels, ellipses,
size-1 and size-0 dimensions, every memory order, every type.

    EINSUMC=path/to/einsumc python3 random_expressions.py [--count N] [--seed S]
"""
import argparse
import math
import random
import sys

import numpy as np

from support import reference


def random_case(rng):
    """An expression and its operands, small enough for numpy to compute naively."""
    while True:
        labels = rng.sample("abcdefghijklmnopqrstuvwxyzABCDαβγ", rng.randint(1, 9))
        zero = rng.random() < 0.06
        extents = {l: rng.choice([1, 2, 2, 3, 3, 4, 5, 7, 17] + ([0] if zero else [])) for l in labels}
        ellipsis = [rng.choice([1, 2, 3]) for _ in range(rng.choice([0, 0, 0, 1, 2]))]
        terms, shapes = [], []
        for _ in range(rng.choice([1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 6])):
            rank = rng.randint(0, min(7, len(labels) + 1))
            chosen = [rng.choice(labels) for _ in range(rank)] if rng.random() < 0.3 else rng.sample(labels, min(rank, len(labels)))
            sizes = {l: 1 if extents[l] != 0 and rng.random() < 0.08 else extents[l] for l in set(chosen)}
            term, shape = list(chosen), [sizes[l] for l in chosen]
            if ellipsis and rng.random() < 0.6:
                width = rng.randint(0, len(ellipsis))
                at = rng.randint(0, len(term))
                term.insert(at, "...")
                shape[at:at] = [1 if rng.random() < 0.2 else e for e in ellipsis[len(ellipsis) - width:]]
            terms.append(term)
            shapes.append(shape)
        if any(len(s) > 7 for s in shapes):
            continue
        used = list(dict.fromkeys(l for t in terms for l in t if l != "..."))
        expression = ",".join("".join(t) for t in terms)
        if rng.random() < 0.7:
            output = rng.sample(used, rng.randint(0, min(4, len(used))))
            if output and rng.random() < 0.1:
                output.insert(rng.randint(0, len(output)), rng.choice(output))
            if any("..." in t for t in terms) and rng.random() < 0.8:
                output.insert(rng.randint(0, len(output)), "...")
            expression += "->" + "".join(output)
        if rng.random() < 0.2:
            expression = expression.replace(",", " , ").replace("->", " -> ")
        points = math.prod(max(extents[l], 1) for l in used) * math.prod(ellipsis)
        elements = max((math.prod(s) for s in shapes), default=1)
        if points <= 300_000 and elements <= 60_000:
            return expression, shapes


def random_array(rng, shape, kind):
    """Small integers, or normal reals, in a random memory order."""
    generator = np.random.default_rng(rng.getrandbits(32))
    if kind == "bool":
        array = generator.integers(0, 2, shape).astype(bool)
    elif "int" in kind:
        low = 0 if kind.startswith("u") else -100
        array = generator.integers(low, 100, shape).astype(kind)
    else:
        array = generator.standard_normal(shape)
        if kind.startswith("complex"):
            array = array + 1j * generator.standard_normal(shape)
        array = np.asarray(array).astype(kind)
    order = rng.choice("CCF")
    return np.asarray(array, order=order)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    passed, failed = 0, 0
    for number in range(options.count):
        rng = random.Random(options.seed * 1_000_003 + number)
        expression, shapes = random_case(rng)
        kind = rng.choice(reference.INTEGERS + reference.FLOATS + ["int32", "float32", "float64"])
        kinds = [rng.choice(reference.INTEGERS + reference.FLOATS) for _ in shapes] if rng.random() < 0.15 else [kind] * len(shapes)
        operands = [random_array(rng, shape, k) for shape, k in zip(shapes, kinds)]
        try:
            expected = reference.reference(expression, operands)
        except ValueError as problem:
            expected = problem
        code, result, errors = reference.run(expression, operands)
        if isinstance(expected, ValueError):
            why = None if code == 2 and result is None else f"exit {code}, but numpy says {expected}"
        elif code != 0:
            why = f"exit {code}: {errors.strip()}"
        else:
            why = reference.disagreement(result, *expected)
        if why is None:
            passed += 1
        else:
            failed += 1
            print(f"case {number}: {expression!r} {shapes} {kinds}: {why}")
    print(f"random expressions: {passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
