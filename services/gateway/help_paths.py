"""The addresses of the pages that help, for views and templates (there as `help_paths`)."""


def guide() -> str:
    return "/guide"


def step(name: str) -> str:
    """A step of the guide."""
    return f"{guide()}/{name}"


def contact() -> str:
    return "/contact"


def accessibility() -> str:
    return "/accessibility"


def hints() -> str:
    return "/hints"
