"""Whole numbers in a table whose row and column sums are given: proportional fitting, then controlled rounding.

Sources: Deming & Stephan, Ann. Math. Statist. 11 (1940) 427–444 (iterative proportional fitting); Cox, JASA 82 (1987)
520–524 (controlled rounding: every cell is rounded up or down and both margins stay).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
_ROUNDS, _CLOSE = 500, 1e-7
# Costs of rounding are compared as whole millionths: exact, so that no order of adding can change a choice
_UNIT = 1_000_000


def fit(seed: Floats, rows: Sequence[int], columns: Sequence[int]) -> Floats:
    """Return the seed (n, m) scaled until its rows add up to `rows` and its columns to `columns` (within 1e-7).

    The seed is positive wherever row and column are above 0. Raises ValueError when both sums differ or when the table
    cannot be fitted. Sums are `math.fsum` (exactly rounded): every machine gives the same.
    """
    if sum(rows) != sum(columns):
        msg = f"行の合計 {sum(rows)} と列の合計 {sum(columns)} が違います"
        raise ValueError(msg)
    table = np.array(seed, dtype=np.float64)
    row_sums, column_sums = np.array(rows, dtype=np.float64), np.array(columns, dtype=np.float64)
    for _ in range(_ROUNDS):
        table *= _ratio(column_sums, table.T)[None, :]
        table *= _ratio(row_sums, table)[:, None]
        if float(np.abs(_sums(table.T) - column_sums).max(initial=0.0)) < _CLOSE:
            return table
    msg = "行と列の合計に合わせられません"
    raise ValueError(msg)


def _sums(table: Floats) -> Floats:
    return np.array([math.fsum(row) for row in table.tolist()])


def _ratio(wanted: Floats, table: Floats) -> Floats:
    have = _sums(table)
    return np.divide(wanted, have, out=np.zeros_like(have), where=have > 0)


def round_controlled(table: Floats, rows: Sequence[int], columns: Sequence[int]) -> Whole:
    """Return the table in whole numbers, each cell up or down from its value, with exactly the given sums.

    Begins with the largest remainders of each row, then moves single people between columns along the cheapest paths
    (successive shortest paths: among all such roundings the one of least sum of remainders given up). A cell of an
    empty row or column stays 0.
    """
    low = np.floor(table + 1e-9).astype(np.int64)
    open_cells = (np.array(rows)[:, None] > 0) & (np.array(columns)[None, :] > 0)
    rest = np.where(open_cells, np.rint((table - low) * _UNIT), -1).astype(np.int64)
    up = np.zeros(table.shape, dtype=bool)
    order = np.argsort(-rest, axis=1, kind="stable")
    for at, need in enumerate(np.array(rows) - low.sum(axis=1)):
        up[at, order[at, :need]] = True
    missing = np.array(columns) - low.sum(axis=0) - up.sum(axis=0)
    while missing.any():
        start = int(np.flatnonzero(missing < 0)[0])
        _move(up, rest, open_cells, start, missing)
    return low + up


def _move(
    up: npt.NDArray[np.bool_], rest: Whole, open_cells: npt.NDArray[np.bool_], start: int, missing: Whole
) -> None:
    """Take one person out of column `start` and put one into the nearest column that misses one."""
    costs, movers = _steps(up, rest, open_cells)
    count = len(costs)
    far: list[float] = [math.inf] * count
    far[start] = 0
    before = [-1] * count
    for _ in range(count):  # Bellman–Ford: a step back may have a negative cost
        for one in range(count):
            for other in range(count):
                if far[one] + costs[one][other] < far[other]:
                    far[other], before[other] = far[one] + costs[one][other], one
    reached = [at for at in range(count) if missing[at] > 0 and far[at] < math.inf]
    if not reached:
        msg = "丸めた表を行と列の合計に合わせられません"
        raise ValueError(msg)
    at = end = min(reached, key=lambda column: far[column])
    while at != start:
        row = movers[before[at]][at]
        up[row, before[at]], up[row, at] = False, True
        at = before[at]
    missing[start] += 1
    missing[end] -= 1


def _steps(
    up: npt.NDArray[np.bool_], rest: Whole, open_cells: npt.NDArray[np.bool_]
) -> tuple[list[list[float]], list[list[int]]]:
    """Return what it costs to move a person from one column to another, and the row in which it costs least."""
    width = up.shape[1]
    never = 10 * _UNIT
    from_cost = np.where(up, rest, never)
    to_gain = np.where(~up & open_cells, rest, -never)
    price = from_cost[:, :, None] - to_gain[:, None, :]
    movers = price.argmin(axis=0)
    cheapest = price.min(axis=0)
    costs = [
        [float(cheapest[i, j]) if cheapest[i, j] < never // 2 and i != j else math.inf for j in range(width)]
        for i in range(width)
    ]
    return costs, movers.tolist()
