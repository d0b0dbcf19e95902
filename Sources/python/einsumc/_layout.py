"""The memory layout of results: numpy's orders."""

ORDERS = ("C", "F", "A", "K")


def checked_order(order):
    """The order in upper case; ValueError if there is none of that name, TypeError if it is no name."""
    if order is None:
        return "K"
    if not isinstance(order, str):
        raise TypeError(f"order is a str, not {order!r}")
    if order.upper() in ORDERS:
        return order.upper()
    raise ValueError(f"order is one of 'C', 'F', 'A' and 'K', not {order!r}")


def is_contiguous(shape, strides, item_size, axes):
    """Whether an array's elements lie without gaps, its axes running fastest in the given sequence."""
    if 0 in shape:
        return True
    expected = item_size
    for axis in axes:
        if shape[axis] != 1:
            if strides[axis] != expected:
                return False
            expected *= shape[axis]
    return True


def result_strides(order, inputs, output, operands, item_sizes, shape, item_size):
    """The result's strides in bytes; None for C order.

    inputs and output are lists of labels; operands have shape and strides.
    """
    rank = len(shape)
    if rank < 2 or order == "C":
        return None
    if order == "A":
        order = "F" if all(
            is_contiguous(operand.shape, operand.strides, size, range(len(operand.shape)))
            for operand, size in zip(operands, item_sizes)
        ) else "C"
    if order == "F":
        fastest_first = list(output)
    elif order == "K":
        fastest_first = _kept_order(inputs, output, operands)
    else:
        return None
    if fastest_first == list(reversed(output)):
        return None
    strides, step = [0] * rank, item_size
    for label in fastest_first:
        axis = output.index(label)
        strides[axis] = step
        step *= max(shape[axis], 1)
    return tuple(strides)


def _kept_order(inputs, output, operands):
    """The output's labels, fastest first, in the order in which numpy's iterator would run through the operands.

    The iterator sorts the axes, the summed ones included, by insertion: an axis moves inwards past another if the
    first operand that has both steps further along the other, unless a later operand disagrees. Axes that no operand
    has in common stay as they are.
    """
    steps = []
    for term, operand in zip(inputs, operands):
        along = {}
        for label, extent, stride in zip(term, operand.shape, operand.strides):
            along[label] = along.get(label, 0) + (stride if extent != 1 else 0)
        steps.append(along)
    summed = sorted({label for term in inputs for label in term} - set(output))
    axes = [*output, *summed][::-1]
    for start in range(1, len(axes)):
        target = start
        for other in range(start - 1, -1, -1):
            moves = _moves_inside(axes[start], axes[other], steps)
            if moves is False:
                break
            if moves:
                target = other
        axes.insert(target, axes.pop(start))
    return [label for label in axes if label in output]


def _moves_inside(label, other, steps):
    """Whether the label's axis goes inside the other's; None if no operand tells."""
    moves = None
    for along in steps:
        step, other_step = abs(along.get(label, 0)), abs(along.get(other, 0))
        if step and other_step:
            if other_step <= step:
                moves = False
            elif moves is None:
                moves = True
    return moves
