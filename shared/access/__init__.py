"""Who is asking and what they may do, as far as every service must know it.

Identity decides and says so in events; each service keeps what it was told in its own tables
(`models`), so that it can answer with identity down.
"""
