"""How sizes are written wherever people read them, as the guide has them: 615 kB."""

STEP = 1000
UNITS = {"kB": STEP, "MB": STEP**2, "GB": STEP**3}
LARGEST_UNIT = ("GB", STEP**3)
# Below this a decimal tells something.
FINE = 10


def file_size(size: int) -> str:
    """Bytes in the unit that reads best: 999 B, 615 kB, 1.2 MB."""
    if size < STEP:
        return f"{size} B"
    unit, in_bytes = next(
        (unit for unit in UNITS.items() if round(size / unit[1]) < STEP), LARGEST_UNIT
    )
    amount = size / in_bytes
    return f"{amount:.1f} {unit}" if round(amount, 1) < FINE else f"{amount:.0f} {unit}"
