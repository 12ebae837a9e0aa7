"""What of the processes is to be seen from outside."""

from dataclasses import dataclass
from typing import Self

from shared.settings_reader import HIGHEST_PORT, Reader

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class SeenSettings:
    """From which level on the log is written, and where spans and the gateway's metrics are."""

    log_level: str
    otlp_url: str | None
    metrics_port: int | None

    @classmethod
    def read(cls, read: Reader) -> Self:
        return cls(
            log_level=read.choice("IAMIS_LOG_LEVEL", LEVELS, "INFO"),
            otlp_url=read.http_url("IAMIS_OTLP_URL"),
            metrics_port=read.integer("IAMIS_METRICS_PORT", 0, 0, HIGHEST_PORT) or None,
        )
