"""The tables of identity. Secrets are kept as hashes where a hash is enough, else sealed."""

from services.identity.models.accounts import (
    AllocationRecord,
    Centre,
    Challenge,
    Family,
    Interest,
    Membership,
    Paper,
    PasswordReset,
    PrivateKey,
    RecoveryCode,
    RefreshToken,
    ServiceAccount,
    Submission,
    User,
)
from services.identity.models.base import Base
from services.identity.models.counts import FailedAttempt, Refusal, SentInvitation

__all__ = [
    "AllocationRecord",
    "Base",
    "Centre",
    "Challenge",
    "FailedAttempt",
    "Family",
    "Interest",
    "Membership",
    "Paper",
    "PasswordReset",
    "PrivateKey",
    "RecoveryCode",
    "RefreshToken",
    "Refusal",
    "SentInvitation",
    "ServiceAccount",
    "Submission",
    "User",
]
