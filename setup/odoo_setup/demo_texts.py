"""The demo data's texts in another language, from the addons' ``demo/LANGUAGE.csv``.

``translate`` runs within Odoo: the demo's opportunities, activities and notes have one
text each, so theirs is replaced; a field with translations gets one more.
"""

import csv
import json
import re

# Between the texts of one value: tags, lines, a product's code, a category's parents
BETWEEN = re.compile(r"(<[^>]*>|\n|^\[[^\]]+\] | / )")
ADDONS = ("sales_pipeline_plus", "sales_campaign_goals")
TYPES = ("char", "text", "html", "properties", "properties_definition")


def read(root, language):
    """Return {English text: text} of both addons; {} for a language without files."""
    texts = {}
    for addon in ADDONS:
        path = root / addon / "demo" / f"{language}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as lines:
                rows = csv.DictReader(lines)
                texts.update((row["en_US"], row[language]) for row in rows)
    return texts


def put(value, texts):
    """Return a value, a text or a definition of properties, with each text of it that
    is known replaced."""
    if isinstance(value, str):
        return "".join(texts.get(part, part) for part in BETWEEN.split(value))
    if isinstance(value, list):
        return [put(each, texts) for each in value]
    if isinstance(value, dict):
        return {key: put(each, texts) for key, each in value.items()}
    return value


def find_fields(env):
    """Return the fields that may hold a text of the demo data."""
    return [
        field
        for model in env.registry.values()
        if model._auto and not (model._abstract or model._transient)
        if not model._name.startswith(("ir.", "bus."))
        for field in model._fields.values()
        if field.store and field.column_type and field.type in TYPES
    ]


def find_values(env, field):
    """Return [(value, ids)] of a field in the records of our addons, and in those that
    no module brought; of a translated field, the value is {language: text}."""
    from odoo.tools import SQL

    table = env[field.model_name]._table
    return env.execute_query(
        SQL(
            """SELECT %(column)s, array_agg(id)
                 FROM %(table)s AS record
                WHERE %(column)s IS NOT NULL
                  AND NOT EXISTS (
                      SELECT FROM ir_model_data AS data
                       WHERE data.model = %(model)s AND data.res_id = record.id
                         AND data.module NOT IN %(addons)s)
             GROUP BY %(column)s""",
            column=SQL.identifier(field.name),
            table=SQL.identifier(table),
            model=field.model_name,
            addons=ADDONS,
        )
    )


def translate(env, language, texts):
    """Put the texts in the place of the English ones, and commit.

    By SQL: a note, or an activity, is not news to those who follow.
    """
    from odoo.tools import SQL

    env.flush_all()
    for field in find_fields(env):
        for value, ids in find_values(env, field):
            new = _get_new(field, value, language, texts)
            if new != value:
                env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                        SQL.identifier(env[field.model_name]._table),
                        SQL.identifier(field.name),
                        new if isinstance(new, str) else json.dumps(new),
                        ids,
                    )
                )
    env.invalidate_all()
    env.cr.commit()


def _get_new(field, value, language, texts):
    if not field.translate:
        return put(value, texts)
    english = value.get("en_US")
    if english is None or value.get(language, english) != english:
        return value
    new = put(english, texts)
    return value if new == english else {**value, language: new}
