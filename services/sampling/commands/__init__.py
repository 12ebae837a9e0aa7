"""The use cases of sampling: what a submission does, and what people add."""

from services.sampling.commands.additions import Addition, add_to_sample
from services.sampling.commands.evidence import forget_file, keep_file
from services.sampling.commands.papers import keep_entered, keep_paper
from services.sampling.commands.submissions import (
    amend_mark,
    correct_mark,
    forget_submission,
    take_submission,
)

__all__ = [
    "Addition",
    "add_to_sample",
    "amend_mark",
    "correct_mark",
    "forget_file",
    "forget_submission",
    "keep_entered",
    "keep_file",
    "keep_paper",
    "take_submission",
]
