"""What marks does with events of the other services."""

from shared.events.consumer import Handlers

HANDLERS: Handlers = {}
