"""Blocks of worlds: which are asked for, which are done, and which files to put the rest in.

A block is (first draw, end of draws, first luck, end of luck) of one point. Pure.
"""


def missing(asked, done):
    """What of a block is in none of the blocks done: a list of blocks, none overlapping.

    asked : (draw, draw end, luck, luck end)
    done : list of the same
    """
    left = [asked]
    for block in done:
        left = [piece for whole in left for piece in _without(whole, block)]
    return left


def _without(whole, hole):
    """The parts of a rectangle outside another."""
    a, b, c, d = whole
    e, f, g, h = max(a, hole[0]), min(b, hole[1]), max(c, hole[2]), min(d, hole[3])
    if e >= f or g >= h:
        return [whole]
    pieces = [(a, e, c, d), (f, b, c, d), (e, f, c, g), (e, f, h, d)]
    return [piece for piece in pieces if worlds(piece)]


def worlds(block):
    """How many worlds a block holds."""
    return max(0, block[1] - block[0]) * max(0, block[3] - block[2])


def packed(blocks, most):
    """Chunks of blocks (point, block), each of `most()` worlds or little less, lazily.

    `most` is asked anew each time: chunks may grow as it turns out how long they take. A block
    that is too large for a chunk is cut between draws; one draw is never cut.
    """
    chunk: list = []
    size = 0
    for point, block in blocks:
        for piece in _cut(block, most()):
            if chunk and size + worlds(piece) > most():
                yield chunk
                chunk, size = [], 0
            chunk.append((point, piece))
            size += worlds(piece)
    if chunk:
        yield chunk


def _cut(block, most):
    first, end, low, high = block
    step = max(1, most // (high - low))
    for draw in range(first, end, step):
        yield (draw, min(draw + step, end), low, high)
