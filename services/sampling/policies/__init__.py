"""The sampling policies as data; one JSON file each, named as papers name the policy."""

from collections.abc import Mapping
from pathlib import Path

from services.sampling.domain import Policy, parse_policy

FOLDER = Path(__file__).parent


def load_policies(folder: Path = FOLDER) -> Mapping[str, Policy]:
    """Every policy of the folder by name; `PolicyError` tells what is wrong with a file."""
    return {
        path.stem: parse_policy(path.stem, path.read_bytes())
        for path in sorted(folder.glob("*.json"))
    }


POLICIES = load_policies()
