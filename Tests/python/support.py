"""What the tests share: random problems."""

import random

import numpy as np

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
TYPES = [
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
    "complex64", "complex128",
]


def strided(rng, array):
    """The same elements in other memory: transposed, with gaps, or backwards."""
    axes = list(range(array.ndim))
    rng.shuffle(axes)
    array = np.ascontiguousarray(array.transpose(axes)).transpose(np.argsort(axes)) if axes else array
    for axis in range(array.ndim):
        choice = rng.random()
        if choice < 0.15:
            array = np.flip(np.ascontiguousarray(np.flip(array, axis)), axis)
        elif choice < 0.3:
            array = np.repeat(array, 2, axis).take(range(0, 2 * array.shape[axis], 1), axis)
            array = array[(slice(None),) * axis + (slice(None, None, 2),)]
    return array


def random_problem(seed, most_operands=3, views=True):
    """An equation and operands of small integers, so that results are exact in any order."""
    rng = random.Random(seed)
    generator = np.random.default_rng(seed)
    labels = LETTERS[: rng.randint(1, 6)]
    sizes = {label: rng.choice([0, 1, 2, 3, 4, 5, 7, 9]) if rng.random() < 0.95 else 0 for label in labels}
    terms, operands = [], []
    for _ in range(rng.randint(1, most_operands)):
        term = [rng.choice(labels) for _ in range(rng.randint(0, 4))]
        shape = [sizes[label] for label in term]
        if len(set(term)) == len(term):
            shape = [1 if rng.random() < 0.1 else extent for extent in shape]
        terms.append("".join(term))
        operands.append(strided(rng, generator.integers(-3, 4, shape)))
    if rng.random() < 0.3:
        # Ellipses, right-aligned and broadcast.
        axes = [rng.randint(1, 3) for _ in range(rng.randint(0, 2))]
        for number in range(len(terms)):
            if rng.random() < 0.7:
                own = axes[rng.randint(0, len(axes)) :]
                own = [1 if rng.random() < 0.2 else extent for extent in own]
                place = rng.randint(0, len(terms[number]))
                shape = operands[number].shape
                operands[number] = strided(rng, generator.integers(-3, 4, [*shape[:place], *own, *shape[place:]]))
                terms[number] = terms[number][:place] + "..." + terms[number][place:]
    equation = ",".join(terms)
    if rng.random() < 0.7:
        used = sorted(set(equation) - set(",."))
        output = [label for label in used if rng.random() < 0.6]
        rng.shuffle(output)
        if "..." in equation:
            output.insert(rng.randint(0, len(output)), "...")
        equation += "->" + "".join(output)
    return equation, operands
