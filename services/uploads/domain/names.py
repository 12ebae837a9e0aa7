"""How files and folders of an archive are called."""

from dataclasses import dataclass, field

LONGEST_FOLDER = 120


@dataclass
class Names:
    """Names in folders, each given once: file systems mostly do not tell `A` from `a`."""

    taken: set[str] = field(default_factory=set)

    def free(self, folder: str, name: str) -> str:
        """The path of `name` in `folder`, numbered where it is taken."""
        stem, dot, extension = name.rpartition(".")
        if not stem:
            stem, dot, extension = name, "", ""
        path, number = f"{folder}/{name}", 1
        while path.casefold() in self.taken:
            number += 1
            path = f"{folder}/{stem} ({number}){dot}{extension}"
        self.taken.add(path.casefold())
        return path


def folder_of(centre_no: str, title: str) -> str:
    """What the folder of a sheet is called: its centre and its paper."""
    shown = "".join(one if one.isalnum() or one in "()-. " else "-" for one in title)
    return f"{centre_no} {shown[:LONGEST_FOLDER]}".strip(" .")
