"""Why a start ends early."""


class LauncherError(Exception):
    """The system cannot start; the message tells the operator why, in words."""


class InterruptedStartError(Exception):
    """SIGINT, SIGTERM or SIGHUP came: everything is to be stopped."""
