"""Runs the command line with gevent's cooperative sockets: `python -m shared.serving.evented`.

They have to be in place before anything else is imported, so this is a door of its own.
"""

import runpy

from gevent import monkey

monkey.patch_all()
runpy.run_module("shared.cli", run_name="__main__", alter_sys=True)
