"""What of the processes is to be seen from outside."""

from dataclasses import dataclass
from typing import Self

from shared.settings_reader import Reader

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class SeenSettings:
    """From which level on the log is written, and where spans go, if anywhere."""

    log_level: str
    otlp_url: str | None

    @classmethod
    def read(cls, read: Reader) -> Self:
        return cls(
            log_level=read.choice("IAMIS_LOG_LEVEL", LEVELS, "INFO"),
            otlp_url=read.http_url("IAMIS_OTLP_URL"),
        )
