"""Spectral envelopes of sinusoids: a smooth curve through the levels of peaks, as CLAM draws it."""

from __future__ import annotations

from numpy import float32

FEWEST = 4  # peaks: fewer have no envelope
MOST_BEYOND = 200  # points, beyond which the envelope is not continued
SILENCE = -200.0  # dB
BEFORE = -3.0  # dB: so much lower than the first peak does the envelope begin, at 0 Hz
BULGE = 30.0  # dB: so far does the curve go away from a straight line at most
FALL = 12.0  # dB per octave's width


def envelope_room(peaks):
    """The largest number of points of an envelope of so many peaks."""
    return peaks + MOST_BEYOND + 1


def draw_envelope(peaks, places, levels, bends, room):
    """Write the points of an envelope, and how it bends there. Returns the number of points; 0 where there are too few peaks.

    Peaks that are not above the one before are left out.
    """
    places[0], levels[0], count = 0.0, 0.0, 1
    for k in range(int(peaks.count)):
        if peaks.frequency[k] > places[count - 1]:
            places[count], levels[count] = peaks.frequency[k], peaks.magnitude[k]
            count += 1
    if count <= FEWEST:
        return 0
    levels[0] = levels[1] + BEFORE
    last, gap, level = places[count - 1], places[count - 1] - places[count - 2], levels[count - 1]
    place = last + gap
    while level > SILENCE and count < MOST_BEYOND:
        level -= (place / last - 1.0) * FALL
        places[count], levels[count] = place, level
        place += gap
        count += 1
    bend(places, levels, bends, room, count)
    return count


def bend(places, levels, bends, room, count):
    """Write the second derivatives of a cubic spline through points; they are 0 at both ends."""
    bends[0] = bends[count - 1] = room[0] = 0.0
    for k in range(1, count - 1):
        width, next_width = max(places[k] - places[k - 1], 1e-9), max(places[k + 1] - places[k], 1e-9)
        share = width / (width + next_width)
        divisor = share * bends[k - 1] + 2.0
        turn = (levels[k + 1] - levels[k]) / next_width - (levels[k] - levels[k - 1]) / width
        bends[k] = (share - 1.0) / divisor
        room[k] = (6.0 * turn / (width + next_width) - share * room[k - 1]) / divisor
    for k in range(count - 2, -1, -1):
        bends[k] = bends[k] * bends[k + 1] + room[k]


def envelope_at(frequency, places, levels, bends, count):
    """The level of an envelope at a frequency."""
    if frequency <= places[0]:
        return levels[0]
    if frequency >= places[count - 1]:
        return levels[count - 1]
    low, high = 0, count - 1
    while high - low > 1:
        middle = (low + high) // 2
        if places[middle] > frequency:
            high = middle
        else:
            low = middle
    width = max(places[high] - places[low], 1e-9)
    a, b = (places[high] - frequency) / width, (frequency - places[low]) / width
    bent = ((a * a * a - a) * bends[low] + (b * b * b - b) * bends[high]) * width * width / 6.0
    straight = a * levels[low] + b * levels[high]
    return min(max(straight + bent, straight - BULGE), straight + BULGE)


def follow_envelope(peaks, places, levels, bends, count):
    """Give peaks the levels that an envelope has at their frequencies; if it has no points, they stay as they are."""
    if count > 0:
        for k in range(int(peaks.count)):
            peaks.magnitude[k] = float32(envelope_at(peaks.frequency[k], places, levels, bends, count))
