"""What accounts that buy now and then may buy: many short series with many zeros, all at once.

Each function takes the amounts of complete months, a row per account and a column per month, oldest
first, and gives a row per account and a column per month ahead.
"""

from __future__ import annotations

import numpy as np

from orchestration.forecast.methods import SEASON, FloatArray

SMOOTHING = 0.1
"""Weight of the newest month, and of the newest order, as is usual for rare demand."""
POOLED_MONTHS = 3.0
"""Months of the mean account that every account's average begins with."""


def pooled_average(history: FloatArray, steps: int) -> FloatArray:
    """The average of the last year since the first order, drawn to that of all accounts.

    An account without an order begins with as much of the mean account as three months of it are
    of the months that it might have bought in.
    """
    year = history[:, -SEASON:]
    mean = year.mean() if year.size else 0.0
    ordered = history != 0
    begun = np.where(ordered.any(axis=1), ordered.argmax(axis=1), history.shape[1])
    months = np.clip(history.shape[1] - begun, 0, year.shape[1])
    rate = (year.sum(axis=1) + POOLED_MONTHS * mean) / (months + POOLED_MONTHS)
    return _flat(rate, steps)


def croston(history: FloatArray, steps: int) -> FloatArray:
    """Croston's method with the correction of Syntetos and Boylan: order size over interval."""
    size, interval, waited = (np.zeros(len(history)) for _ in range(3))
    for amounts in history.T:
        waited += 1
        orders = amounts > 0
        first = orders & (interval == 0)
        size = np.where(orders, size + SMOOTHING * (amounts - size), size)
        interval = np.where(orders, interval + SMOOTHING * (waited - interval), interval)
        size, interval = np.where(first, amounts, size), np.where(first, waited, interval)
        waited[orders] = 0
    bought = interval > 0
    rate = (1 - SMOOTHING / 2) * size / np.where(bought, interval, 1.0)
    return _flat(np.where(bought, rate, 0.0), steps)


def tsb(history: FloatArray, steps: int) -> FloatArray:
    """The method of Teunter, Syntetos and Babai: order size times a chance that fades without one.

    At the first order the chance is one in as many months as it took.
    """
    size, chance = np.zeros(len(history)), np.zeros(len(history))
    for month, amounts in enumerate(history.T, 1):
        orders = amounts > 0
        first = orders & (size == 0)
        size = np.where(orders, size + SMOOTHING * (amounts - size), size)
        chance = chance + SMOOTHING * (orders - chance)
        size, chance = np.where(first, amounts, size), np.where(first, 1 / month, chance)
        chance = np.where(size > 0, chance, 0.0)
    return _flat(size * chance, steps)


def reorder_cycle(history: FloatArray, steps: int) -> FloatArray:
    """The mean order again, each time the account's usual time from order to order has passed.

    The usual time begins with one interval of all accounts together. What is overdue is due in the
    first month ahead.
    """
    ahead = np.zeros((len(history), steps))
    width = history.shape[1]
    orders = history > 0
    count = orders.sum(axis=1)
    bought = np.flatnonzero(count)
    if not len(bought):
        return ahead
    first = orders[bought].argmax(axis=1)
    last = width - 1 - orders[bought, ::-1].argmax(axis=1)
    times = count[bought] - 1
    usual = (last - first).sum() / times.sum() if times.any() else float(SEASON)
    interval = np.maximum((last - first + usual) / (times + 1), 1.0)
    size = np.where(orders, history, 0.0)[bought].sum(axis=1) / count[bought]
    due = np.maximum(last + interval, width)
    while (due < width + steps).any():
        soon = due < width + steps
        ahead[bought[soon], (due[soon] - width).astype(np.int64)] += size[soon]
        due = due + interval
    return ahead


def _flat(rate: FloatArray, steps: int) -> FloatArray:
    return np.repeat(rate[:, None], steps, axis=1)
