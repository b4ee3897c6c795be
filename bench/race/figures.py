"""figures.py - what is computed from what was measured: medians, ratios of one round, the layout of tables."""
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """One server under one load for some seconds."""
    answers: int
    seconds: float
    p50_ms: float
    p99_ms: float
    server_cpu_s: float
    generator_cpu_s: float
    rss_before_mib: float
    rss_after_mib: float

    @property
    def per_s(self):
        return self.answers / self.seconds

    @property
    def cpu_us(self):
        return self.server_cpu_s * 1e6 / self.answers

    @property
    def generator_load(self):
        """Of one processor.  Near 1, it is the generator that was measured."""
        return self.generator_cpu_s / self.seconds


@dataclass(frozen=True)
class Summary:
    """Medians over the rounds."""
    per_s: float
    least_per_s: float
    most_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    generator_load: float
    rss_before_mib: float
    rss_after_mib: float


def summarise(samples):
    if not samples:
        raise ValueError('no round was measured')

    def middle(name):
        return statistics.median(getattr(s, name) for s in samples)

    rates = [s.per_s for s in samples]
    return Summary(per_s=middle('per_s'), least_per_s=min(rates), most_per_s=max(rates), p50_ms=middle('p50_ms'),
                   p99_ms=middle('p99_ms'), cpu_us=middle('cpu_us'), generator_load=middle('generator_load'),
                   rss_before_mib=middle('rss_before_mib'), rss_after_mib=middle('rss_after_mib'))


def ratio(ours, theirs):
    """The median of the rounds' ratios of throughput.  Neighbours in time are compared, so that a machine that slows down
    half-way slows both; medians of each apart would not."""
    if len(ours) != len(theirs):
        raise ValueError(f'{len(ours)} rounds against {len(theirs)}')
    if not ours:
        raise ValueError('no round was measured')
    return statistics.median(a.per_s / b.per_s for a, b in zip(ours, theirs))


def table(head, rows):
    """Columns as wide as they need, the first to the left, the rest to the right."""
    lines = [head, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    text = []
    for line in lines:
        cells = [cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths))]
        text.append('  '.join(cells).rstrip())
    text.insert(1, '  '.join('-' * w for w in widths))
    return '\n'.join(text)
