"""What the metrics of this process say, before and after something is done."""

from prometheus_client import REGISTRY


def metric(name: str, **labels: str) -> float:
    """The value of one series; 0 where it was never counted."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


class Moved:
    """How far series have moved since this was made; tests share the metrics of a process."""

    def __init__(self) -> None:
        self._before = self._all()

    def of(self, name: str) -> dict[tuple[str, ...], float]:
        """By the values of its labels, in the order of their names, those that have moved."""
        now = self._all()
        return {
            tuple(value for _label, value in labels): moved
            for (sample, labels), value in now.items()
            if sample == name and (moved := value - self._before.get((sample, labels), 0.0))
        }

    @staticmethod
    def _all() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in REGISTRY.collect()
            for sample in family.samples
        }
