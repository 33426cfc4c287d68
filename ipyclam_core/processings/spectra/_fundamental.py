"""The fundamental frequency of peaks, by the two-way mismatch of Maher and Beauchamp (1994), as CLAM does it.

Candidates are loud peaks, differences of peaks and integer parts of them. Each is given an error: how far the nearest peaks are from
its harmonics, and how far the peaks are from the nearest harmonics. The best ones are looked at again with frequencies nearby.
"""

from __future__ import annotations

from math import floor, sqrt

from numpy import float32, float64

LOWEST, HIGHEST, DIFFERENCE, MOST, PP, PQ, PR, MP, MQ, MR, PEAKS, HARMONICS, PWEIGHT, MWEIGHT, PARTS = range(15)
"""The places of CLAM's settings in an array of them."""
NAMES = (
    "LowestFundFreq", "HighestFundFreq", "MaxCandMagDiff", "MaxFundFreqError", "PMp", "PMq", "PMr", "MPp", "MPq", "MPr", "MPnPeaks",
    "PMnPeaks", "PMCont", "MPCont", "NInt",
)  # fmt: skip
BELOW_LOUDEST = 30.0  # dB: peaks below the loudest one in frequency that are weaker do not count
TOP = 3000.0  # Hz: higher peaks do not count
WEIGHED = 75.0  # dB: over so much a peak's weight goes from 1 to 0
FULL = 20.0  # dB above the loudest: what has the weight 1
BEYOND = 1.1  # times the loudest peak's frequency: higher fundamentals are improbable
FEW = 4  # peaks
HARMONICS_OF_FEW = 10
HUM = 100.0  # Hz: peaks below count for no fundamental above HIGH
HIGH = 500.0
TOO_FAR = 20.0  # a mismatch above grows with its square
SAME, REFINED = 0.95, 3  # candidates that are nearer to a better one are left out; so many are looked at again
AROUND, STEP = 0.1, 0.008  # of a frequency: how far around it, and how finely
IMPROBABLE = 10.0
BESIDE = 4  # candidates, beside those that are looked for


def nearest(frequencies, count, frequency):
    """The place of the number that is nearest to a frequency; frequencies ascend."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        if frequencies[middle] < frequency:
            low = middle + 1
        else:
            high = middle
    if low > 0 and frequency - frequencies[low - 1] <= frequencies[low] - frequency:
        return low - 1
    return low


def select(peaks, lowest, selected, levels):
    """Write the frequencies and levels of the peaks that count. Returns how many there are, and the loudest one's place."""
    count = int(peaks.count)
    loudest = 0
    for k in range(1, count):
        if peaks.magnitude[k] > peaks.magnitude[loudest]:
            loudest = k
    bin_width = float64(peaks.frequency[loudest]) / max(float64(peaks.position[loudest]), 1e-9)
    found, place = 0, -1
    for k in range(count):
        if k < loudest and peaks.magnitude[k] < peaks.magnitude[loudest] - float32(BELOW_LOUDEST):
            continue
        if peaks.position[k] * bin_width < lowest or (k > loudest and peaks.position[k] * bin_width > TOP):
            continue
        if place < 0 or peaks.magnitude[k] > levels[place]:
            place = found
        selected[found], levels[found] = peaks.frequency[k], peaks.magnitude[k]
        found += 1
    return found, place


def weighed(frequency, power):
    """The weight of a distance at a frequency: there is no power but the square root in most configurations."""
    return 1.0 / sqrt(frequency) if power == 0.5 else float64(frequency) ** -power


def limited_mismatch(mismatch):
    """What is too far away counts with its square."""
    return mismatch if mismatch <= TOO_FAR else TOO_FAR + (mismatch - TOO_FAR) ** 2


def mismatch(frequency, rules, selected, weights, count):
    """The error of a candidate: how far the peaks are from its harmonics, and its harmonics from the peaks."""
    most = int(rules[HARMONICS]) if count <= FEW and rules[HARMONICS] < HARMONICS_OF_FEW else HARMONICS_OF_FEW
    if count > FEW:
        most = min(int(rules[HARMONICS]), count)
    predicted, harmonic, at, looked, divisor = 0.0, frequency, 0, True, most
    measured, heard, seen = 0.0, True, count
    for k in range(count):
        if looked and k < most:
            if harmonic > selected[count - 1]:
                divisor, looked = k + 1, False
            else:
                while at + 1 < count and abs(selected[at + 1] - harmonic) < abs(selected[at] - harmonic):
                    at += 1
                away = abs(selected[at] - harmonic) * weighed(harmonic, rules[PP])
                predicted += away + weights[at] * (rules[PQ] * away - rules[PR])
                harmonic += frequency
        if heard and not (frequency > HIGH and selected[k] < HUM):
            peak, share = selected[k], weights[k] ** 3
            number = floor(peak / frequency + 0.5) if peak >= frequency else 1.0
            away = abs(peak - number * frequency) * weighed(peak, rules[MP])
            measured += share * away + share * weights[k] * (rules[MQ] * away - rules[MR])
            if peak > 10.0 * frequency and k > min(int(rules[PEAKS]), count):
                seen, heard = k + 1, False
        if not heard and (not looked or k >= most):
            break
    return rules[PWEIGHT] * limited_mismatch(predicted) / max(divisor, 1) + rules[MWEIGHT] * limited_mismatch(measured) / seen


def propose(rules, reference, selected, levels, count, loudest, candidates, most):
    """Write the candidates. Returns how many there are."""
    second = third = -1
    for k in range(count):
        if k != loudest and (second < 0 or levels[k] > levels[second]):
            second = k
    for k in range(count):
        if k not in (loudest, second) and (third < 0 or levels[k] > levels[third]):
            third = k
    found = add(rules, candidates, 0, reference)
    if third >= 0:
        found = add(rules, candidates, found, selected[third])
    if second >= 0:
        found = add(rules, candidates, found, selected[second])
    found = add(rules, candidates, found, selected[loudest])
    highest = BEYOND * selected[loudest]
    for k in range(loudest):
        if found < most and k not in (second, third) and levels[k] > levels[loudest] - rules[DIFFERENCE]:
            found = add(rules, candidates, found, selected[k])
    for i in range(-1, count):  # differences to the loudest peak come first
        low = loudest if i < 0 else i
        for k in range(low + 1, count):
            apart = selected[k] - selected[low]
            if found < most and i != loudest and apart < highest:
                found = add(rules, candidates, found, apart)
    for k in range(count):
        for part in range(1, int(rules[PARTS]) + 1):
            if found < most and selected[k] / part < highest:
                found = add(rules, candidates, found, selected[k] / part)
    return found


def add(rules, candidates, found, frequency):
    """Add a candidate, if it is within the limits. Returns how many there are."""
    if rules[LOWEST] <= frequency <= rules[HIGHEST]:
        candidates[found] = float32(frequency)
        return found + 1
    return found


def sort(candidates, errors, count):
    """Sort candidates by their errors; those with the same error stay in their order."""
    for k in range(1, count):
        candidate, error, place = candidates[k], errors[k], k
        while place > 0 and errors[place - 1] > error:
            candidates[place], errors[place] = candidates[place - 1], errors[place - 1]
            place -= 1
        candidates[place], errors[place] = candidate, error


def thin_out(candidates, errors, count):
    """Keep those of the sorted candidates that are not near to a better one. Returns how many there are."""
    kept = 1
    for k in range(1, count):
        near = False
        for j in range(kept):
            if SAME * candidates[j] < candidates[k] < BEYOND * candidates[j]:
                near = True
        if not near:
            candidates[kept], errors[kept] = candidates[k], errors[k]
            kept += 1
    return kept


def refine(rules, selected, weights, count, highest, frequency, error):
    """Look for a smaller error around a candidate. Returns the better candidate, and its error."""
    best, trial, end = frequency, frequency * (1.0 - AROUND), frequency * (1.0 + AROUND)
    step = max(1.0, STEP * frequency)
    while trial <= end:
        new = mismatch(trial, rules, selected, weights, count)
        if trial > highest:
            new += IMPROBABLE
        if new < error:
            best, error = trial, new
        trial = float64(float32(trial + step))
    return best, error


def find_fundamental(peaks, rules, reference, selected, levels, candidates, errors):
    """The frequency of the best candidate and its error; 0 Hz if none is good enough.

    Parameters
    ----------
    reference : the fundamental that was found last: a candidate.
    selected, levels : room for the frequencies and levels of peaks.
    candidates, errors : room for candidates, `BESIDE` more than are looked for.
    """
    if peaks.count == 0:
        return 0.0, 0.0
    count, loudest = select(peaks, rules[LOWEST], selected, levels)
    if count == 0:
        return 0.0, 0.0
    found = propose(rules, reference, selected, levels, count, loudest, candidates, len(candidates) - BESIDE)
    if found == 0:
        return 0.0, 0.0
    top = levels[loudest]
    for k in range(count):  # of levels, weights are needed from here on
        levels[k] = max(1.0 - max(top - levels[k] + FULL, 0.0) / WEIGHED, 0.0)
    for k in range(found):
        errors[k] = mismatch(candidates[k], rules, selected, levels, count)
    sort(candidates, errors, found)
    found = min(thin_out(candidates, errors, found), REFINED)
    for k in range(found):
        candidates[k], errors[k] = refine(rules, selected, levels, count, BEYOND * selected[loudest], candidates[k], errors[k])
    sort(candidates, errors, found)
    if errors[0] > rules[MOST]:
        return 0.0, 0.0
    return candidates[0], errors[0]
