"""How many uploads there may be at once (`shared.files.capacity`)."""

from shared.files.capacity import Capacity

THREADS = 32
UPLOADS = 24
OF_ONE_CENTRE = 12

CAPACITY = Capacity(UPLOADS, OF_ONE_CENTRE)
