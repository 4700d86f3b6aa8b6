"""What both addons do before they are uninstalled."""

from odoo.tools import SQL


def release_links(env, module):
    """Let the records of an addon go in any order.

    Odoo deletes them before the columns that refer to them, and logs an error for each
    one that is still referred to.

    :param str module: the addon that is uninstalled
    """
    columns = [
        (relation, column)
        for model in env.values()
        if not model._abstract and model._auto
        for field in model._fields.values()
        if field.store and field.type in ("many2one", "many2many")
        if next(iter(field._modules), None) == module
        or model._original_module == module
        for relation, column in (
            [(field.relation, field.column1), (field.relation, field.column2)]
            if field.type == "many2many"
            else [(model._table, field.name)]
        )
    ]
    tables, names = zip(*columns, strict=True)
    for table, constraint in env.execute_query(
        SQL(
            """SELECT link.conrelid::regclass::text, link.conname
                 FROM pg_constraint AS link
                 JOIN pg_attribute AS attribute
                   ON attribute.attrelid = link.conrelid
                  AND attribute.attnum = ANY(link.conkey)
                 JOIN pg_class AS relation ON relation.oid = link.conrelid
                 JOIN unnest(%s, %s) AS ours (relation, attribute)
                   ON ours.relation = relation.relname
                  AND ours.attribute = attribute.attname
                WHERE link.contype = 'f'
                  AND link.confdeltype IN ('a', 'r')""",
            list(tables),
            list(names),
        )
    ):
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(table),
                SQL.identifier(constraint),
            )
        )
