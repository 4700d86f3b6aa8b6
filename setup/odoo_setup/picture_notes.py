"""What each picture of the description pages showed when it was taken, and what has
changed since."""

import hashlib
import json
from functools import cache
from xml.etree import ElementTree

from .checkout import ADDONS

FILE = "setup/pictures.json"
# What an element of a view or a template says
SPEAKING = ("name", "string", "title", "placeholder", "optional")


class Notes:
    """For each picture and language, the words of the addons that are on it; for each
    picture, a fingerprint of the files that say what is on it."""

    def __init__(self, root):
        self.root = root
        self.path = root / FILE
        self.notes = json.loads(self.path.read_text()) if self.path.exists() else {}

    def write(self, picture, language, lines):
        """Note what a picture shows that was just taken."""
        words = {line.strip() for line in lines}
        note = self.notes.setdefault(picture.name, {"words": {}})
        note["files"] = get_fingerprint(self.root, picture)
        note["words"][language] = sorted(words & get_terms(self.root, language))
        text = json.dumps(self.notes, indent=4, ensure_ascii=False, sort_keys=True)
        self.path.write_text(f"{text}\n")

    def find_stale(self, pictures, languages):
        """Return a line for each picture that shows what is no more."""
        stale = []
        for picture in pictures:
            note = self.notes.get(picture.name, {"words": {}})
            if note.get("files") != get_fingerprint(self.root, picture):
                stale.append(f"{picture.name}: its views have changed")
            for language in languages:
                words = set(note["words"].get(language, ["it has not been taken"]))
                if gone := sorted(words - get_terms(self.root, language)):
                    stale.append(f"{picture.name} ({language}): {', '.join(gone)}")
        return stale


@cache
def get_terms(root, language):
    """Return what the addons say in a language."""
    import polib

    name = "{addon}.pot" if language == "en_US" else f"{language[:2]}.po"
    return {
        entry.msgstr or entry.msgid
        for addon in ADDONS
        for entry in polib.pofile(str(root / addon / "i18n" / name.format(addon=addon)))
    }


def get_fingerprint(root, picture):
    """Return what changes when a file says something else: not with its classes, its
    comments or its layout."""
    digest = hashlib.sha256()
    for name in picture.shows:
        for element in ElementTree.parse(root / picture.addon / name).iter():
            texts = [element.get(each) for each in SPEAKING]
            for text in (element.tag, *texts, element.text, element.tail):
                digest.update(" ".join((text or "").split()).encode() + b"\0")
    return digest.hexdigest()[:12]
