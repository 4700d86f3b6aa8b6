"""Pages that are made from the fragments in `readme/`, as OCA lays them out.

README.rst of an addon joins the fragments of its folder `readme/`; it is what the
wheels and the stores show. The user guide, `readme/guide/<language>/*.md`, becomes the
pages that Odoo serves from `static/guide/`.
"""

import ast
import html
import re

import pypandoc

FRAGMENTS = {
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "FIGURES": "Figures",
    "ROADMAP": "Known issues / Roadmap",
    "DEVELOP": "Development",
}
GUIDE = "readme/guide"
LANGUAGES = {"en": "English", "fr": "Français"}
PAGE = """\
<!doctype html>
<!-- Made by ./setup/lint --fix from {source} -->
<html lang="{language}">
    <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="stylesheet" href="../guide.css" />
    </head>
    <body>
        <nav>{navigation}</nav>
        <main>
{body}
        </main>
    </body>
</html>
"""


def get_pages(root, addons):
    """The pages that are made: a dictionary of their text by their path."""
    pages = {}
    for addon in addons:
        pages[root / addon / "README.rst"] = _get_readme(root / addon)
        pages |= _get_guide(root / addon)
    return pages


def get_stale(root, addons):
    """The pages that are not what their fragments say, and what they should be."""
    return {
        path: text
        for path, text in get_pages(root, addons).items()
        if not path.exists() or path.read_text() != text
    }


def _get_readme(addon):
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    name = manifest["name"]
    bar = "=" * len(name)
    parts = [
        ".. This file is made by ./setup/lint --fix from the fragments in readme/.",
        f"{bar}\n{name}\n{bar}",
        f":Version: {manifest['version']}\n"
        f":Maturity: {manifest['development_status']}\n"
        f":License: {manifest['license']}",
        _to_rst((addon / "readme" / "DESCRIPTION.md").read_text()),
        ".. contents:: **Table of contents**\n   :local:",
    ]
    for fragment, title in FRAGMENTS.items():
        path = addon / "readme" / f"{fragment}.md"
        if path.exists():
            parts += [_underline(title, "="), _to_rst(path.read_text())]
    contributors = _to_rst((addon / "readme" / "CONTRIBUTORS.md").read_text())
    parts += [
        _underline("Credits", "="),
        _underline("Authors", "-"),
        f"- {manifest['author']}",
        _underline("Contributors", "-"),
        contributors,
    ]
    # Accounts on GitHub, by OCA's rules: an addon may have none.
    if maintainers := manifest.get("maintainers"):
        parts += [
            _underline("Maintainers", "-"),
            "\n".join(f"- {each}" for each in maintainers),
        ]
    return "\n\n".join(parts) + "\n"


def _underline(title, character):
    return f"{title}\n{character * len(title)}"


def _to_rst(text):
    """A fragment; its headings stand below the title of its section."""
    text = pypandoc.convert_text(
        text, "rst", format="gfm", extra_args=["--shift-heading-level-by=1"]
    ).strip()
    # pandoc begins at "~" what stands two levels below the top of a document.
    return re.sub(r"^~{3,}$", lambda line: "-" * len(line[0]), text, flags=re.M)


def _get_guide(addon):
    """The pages of the guide, which lead from one to the next."""
    pages = {}
    for folder in sorted((addon / GUIDE).glob("*/")):
        language = folder.name
        # In the order in which the first page names them.
        contents = (folder / "index.md").read_text()
        stems = dict.fromkeys(["index", *re.findall(r"\]\((\w+)\.md\)", contents)])
        sources = [folder / f"{stem}.md" for stem in stems]
        titles = {
            source.stem: re.match(r"# (.+)\n", source.read_text())[1]
            for source in sources
        }
        other = next(
            each.name for each in folder.parent.glob("*/") if each.name != language
        )
        for source in sources:
            current = {source.stem: ' aria-current="page"'}
            links = [
                f'<a href="{stem}.html"{current.get(stem, "")}>{html.escape(title)}</a>'
                for stem, title in titles.items()
            ]
            links.append(
                f'<a class="language" lang="{other}"'
                f' href="../{other}/{source.stem}.html">{LANGUAGES[other]}</a>'
            )
            body = pypandoc.convert_text(
                re.sub(r"\]\((\w+)\.md\)", r"](\1.html)", source.read_text()),
                "html5",
                format="gfm",
                extra_args=["--wrap=preserve"],
            )
            if language == "fr":
                # What French sets apart stays on the line of its word.
                body = re.sub(r" (?=[:;?!%»])", "\u00a0", body)
            page = addon / "static" / "guide" / language / f"{source.stem}.html"
            pages[page] = PAGE.format(
                source=f"{GUIDE}/{language}/{source.name}",
                language=language,
                title=html.escape(titles[source.stem]),
                navigation="".join(links),
                body=body.strip(),
            )
    return pages
