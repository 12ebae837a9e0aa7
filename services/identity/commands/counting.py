"""Sign-ins as Prometheus sees them: completed, or refused and why; never whose."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter

from shared.errors import ProblemError

COMPLETED = "completed"
SIGN_INS = Counter(
    "iamis_sign_ins_total", "Sign-ins completed, and steps of them refused", ["outcome"]
)


@contextmanager
def refusals_counted() -> Iterator[None]:
    """Count a refusal by the name that its problem has for clients."""
    try:
        yield
    except ProblemError as error:
        SIGN_INS.labels(error.slug or error.default_slug).inc()
        raise
