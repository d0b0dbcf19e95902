"""einsum_path: the order in which pairs of operands are contracted, found as numpy finds it.

einsumc itself plans a better one (optimize='einsumc' shows it); a path that is passed to einsum is followed.
"""

import itertools
import math

from . import _core
from ._notation import LETTERS, split_arguments, terms_of


def einsum_path(*operands, optimize="greedy"):
    """einsum_path(subscripts, *operands, optimize='greedy')

    Finds an order of contraction that costs little, without computing anything.

    optimize is True or 'greedy', 'optimal', 'einsumc' for what einsum itself does, False for a single step, a
    pair of such a name and the most elements that an intermediate may have, or a path, which is then described.

    Returns the path, ['einsum_path', (0, 1), ...]: each step takes operands out of the list and appends its result;
    and a text that says what it costs. The same path as numpy's; raises what einsum raises.
    """
    inputs, output, sizes = problem(operands)
    path = find(optimize, inputs, output, sizes, lambda: planned(operands))
    return ["einsum_path", *path], describe(path, inputs, output, sizes)


def problem(arguments):
    """Inputs and output as lists of labels, and the extent of each label; raises for equations that do not fit."""
    equation, operands = split_arguments(arguments)
    shapes = [shape_of(operand) for operand in operands]
    # The library knows best what is wrong.
    _core.compile(equation, [("float32", shape) for shape in shapes])
    inputs, output = terms_of(equation, tuple(map(len, shapes)))
    check_output(output)
    sizes = {}
    for term, shape in zip(inputs, shapes):
        for label, extent in zip(term, shape):
            if sizes.get(label, 1) == 1:
                sizes[label] = extent
    return inputs, output, sizes


def check_output(output):
    """Raises for a label that is twice in the output: numpy has no such results, compile() does."""
    for label in output:
        if output.count(label) > 1:
            raise ValueError(f"label '{label}' is more than once in the output")


def shape_of(operand):
    """The shape of whatever einsum takes as an operand."""
    shape = getattr(operand, "shape", None)
    if shape is None:
        from ._arrays import as_array
        shape = as_array(operand).shape
    return tuple(int(extent) for extent in shape)


def planned(arguments):
    """The path of einsumc's own plan."""
    equation, operands = split_arguments(arguments)
    return _core.compile(equation, [("float32", shape_of(operand)) for operand in operands]).path


def find(optimize, inputs, output, sizes, plan):
    """The steps that a value of `optimize` asks for."""
    limit = None
    if optimize is None or optimize is False:
        optimize = "none"
    elif optimize is True:
        optimize = "greedy"
    elif not isinstance(optimize, str):
        steps = list(optimize) if hasattr(optimize, "__len__") else None
        if steps and isinstance(steps[0], str) and steps[0] == "einsum_path":
            return checked(steps[1:], len(inputs))
        if steps is None or len(steps) != 2 or not isinstance(steps[0], str) or isinstance(steps[1], str):
            raise TypeError(f"optimize is a bool, a name, a name and a limit, or a path, not {optimize!r}")
        optimize, limit = steps[0], int(steps[1])
    if optimize == "einsumc":
        return plan()
    labels = set().union(*inputs)
    if optimize == "none" or len(inputs) <= 2 or labels == set(output):
        return [tuple(range(len(inputs)))]
    if optimize not in ("greedy", "optimal"):
        raise KeyError(f"there is no path finder {optimize!r}")
    if limit is None:
        limit = max(_size(term, sizes) for term in [*inputs, output])
    finder = _greedy if optimize == "greedy" else _optimal
    return finder([frozenset(term) for term in inputs], frozenset(output), sizes, limit)


def checked(steps, count):
    """A path's steps as they are; raises unless they leave one operand."""
    for step in steps:
        if not all(0 <= position < count for position in step) or len(set(step)) != len(step) or not step:
            raise IndexError(f"step {step!r} of the path does not fit {count} operands")
        count -= len(step) - 1
    if count != 1:
        raise RuntimeError(f"the path leaves {count} operands, not one")
    return steps


def _size(labels, sizes):
    return math.prod(sizes[label] for label in labels)


def flop_count(labels, is_sum, count, sizes):
    """Multiplications of `count` operands, and additions if something is summed."""
    return _size(labels, sizes) * (max(1, count - 1) + bool(is_sum))


def contracted(positions, terms, output):
    """All labels of the operands at some positions, and those that are still needed afterwards."""
    involved = frozenset().union(*(terms[position] for position in positions))
    needed = output.union(*(term for place, term in enumerate(terms) if place not in positions))
    return involved, involved & needed


def _candidate(pair, terms, output, sizes, limit):
    """(key, pair, cost) of contracting a pair: the greedy finder takes the least key. None above the limit."""
    involved, kept = contracted(pair, terms, output)
    size = _size(kept, sizes)
    if size > limit:
        return None
    cost = flop_count(involved, involved != kept, 2, sizes)
    shrinks = _size(terms[pair[0]], sizes) + _size(terms[pair[1]], sizes) - size
    return (-shrinks, cost), pair, cost


def _greedy(terms, output, sizes, limit):
    """Takes the pair that removes most elements, then the cheapest; outer products only where nothing else is left."""
    terms = list(terms)
    everything, kept = contracted(range(len(terms)), terms, output)
    budget = flop_count(everything, everything != kept, len(terms), sizes)
    path, spent, known = [], 0, []
    pairs = list(itertools.combinations(range(len(terms)), 2))
    while len(terms) > 1:
        affordable = lambda pairs: [
            found
            for found in (_candidate(pair, terms, output, sizes, limit) for pair in pairs)
            if found is not None and spent + found[2] <= budget
        ]
        known += affordable(pair for pair in pairs if terms[pair[0]] & terms[pair[1]])
        known = known or affordable(itertools.combinations(range(len(terms)), 2))
        if not known:
            return [*path, tuple(range(len(terms)))]
        _, (a, b), cost = min(known, key=lambda candidate: candidate[0])
        path.append((a, b))
        spent += cost
        _, kept = contracted((a, b), terms, output)
        terms = [term for place, term in enumerate(terms) if place not in (a, b)] + [kept]
        # The others stay candidates, at their new places.
        known = [
            (key, tuple(place - (place > a) - (place > b) for place in pair), cost)
            for key, pair, cost in known
            if a not in pair and b not in pair
        ]
        pairs = [(place, len(terms) - 1) for place in range(len(terms) - 1)]
    return path


def _optimal(terms, output, sizes, limit):
    """Tries all orders of pairs. Where the limit allows no complete one, goes as far as it can at the least cost and
    contracts the rest in one step."""
    best = {}  # by number of steps: least cost, its path, and the operands left

    def search(terms, path, cost):
        depth = len(path)
        if depth not in best or cost < best[depth][0]:
            best[depth] = cost, path, len(terms)
        for pair in itertools.combinations(range(len(terms)), 2):
            involved, kept = contracted(pair, terms, output)
            if _size(kept, sizes) > limit:
                continue
            total = cost + flop_count(involved, involved != kept, 2, sizes)
            if steps in best and total >= best[steps][0]:
                continue
            left = [term for place, term in enumerate(terms) if place not in pair]
            search([*left, kept], [*path, pair], total)

    steps = len(terms) - 1
    search(list(terms), [], 0)
    _, path, left = best[max(best)]
    return path if left == 1 else [*path, tuple(range(left))]


def describe(path, inputs, output, sizes):
    """A table of the steps and what they cost, as numpy prints it."""
    names = _names(sizes)
    written = lambda term: "".join(names[label] for label in term)
    result = written(output)
    terms, labels = [list(term) for term in inputs], set(sizes)
    repeated = sum(len(set(term)) for term in terms) > len(labels)
    naive = flop_count(labels, repeated, len(terms), sizes)
    rows, costs, scalings, largest = [], [], [], []
    for number, step in enumerate(path):
        step = sorted(step, reverse=True)
        involved, kept = contracted(step, [frozenset(term) for term in terms], frozenset(output))
        costs.append(flop_count(involved, involved != kept, len(step), sizes))
        scalings.append(len(involved))
        largest.append(_size(kept, sizes))
        taken = [terms.pop(position) for position in step]
        last = number == len(path) - 1
        terms.append(list(output) if last else sorted(kept, key=lambda label: (sizes[label], names[label])))
        current = ",".join(map(written, taken)) + "->" + written(terms[-1])
        remaining = ",".join(map(written, terms)) + "->" + result
        rows.append(f"{scalings[-1]:4d}    {current:>24} {remaining:>40}")
    total = sum(costs) + 1
    return "\n".join([
        f"  Complete contraction:  {','.join(map(written, inputs))}->{result}",
        f"         Naive scaling:  {len(labels)}",
        f"     Optimized scaling:  {max(scalings)}",
        f"      Naive FLOP count:  {naive:.3e}",
        f"  Optimized FLOP count:  {total:.3e}",
        f"   Theoretical speedup:  {naive / total:3.3f}",
        f"  Largest intermediate:  {max(largest):.3e} elements",
        "-" * 74,
        f"{'scaling':>6} {'current':>24} {'remaining':>40}",
        "-" * 74,
        *rows,
    ])


def _names(labels):
    """What labels are called in the table: letters as they are, others by letters that are free."""
    free = (letter for letter in reversed(LETTERS) if letter not in labels)
    names = {}
    for label in labels:
        if len(label) == 1:
            names[label] = label
        else:
            letter = next(free, None) if label.startswith("...") else None
            names[label] = letter or f"{{{label.strip('.')}}}"
    return names
