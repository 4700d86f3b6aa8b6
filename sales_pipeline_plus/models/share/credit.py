"""What some salespeople have of an amount by the shares of its opportunity, so that the
list behind a figure of theirs adds up to the figure.

The context says whose figure it is; if it does not, amounts are whole. Parts are whole
cents, as in the figures: see :func:`kpi.target_share.share_out`.
"""

from lxml import etree

from odoo.tools import SQL, float_round

from ...kpi.target_share import share_out
from ...tools.arguments import check_ids

# Context of the lists behind a figure of salespeople: their ids, 0 for nobody.
CREDITED = "credited_user_ids"
# Context of those behind a weighted amount.
WEIGHTED = "credited_weighted"


def get_credited_user_ids(env):
    """Return whose part is meant, empty for the whole.

    :raise UserError: if the context has something else
    """
    ids = env.context.get(CREDITED)
    if isinstance(ids, list | tuple) and 0 in ids:
        return [0, *check_ids(env, CREDITED, [each for each in ids if each])]
    return check_ids(env, CREDITED, ids)


def hide_measures(arch, view_type, names):
    """Take the parts out of the measures of a view: they are of the list behind a
    figure only."""
    if view_type in ("graph", "pivot"):
        for name in names:
            etree.SubElement(arch, "field", name=name, invisible="1")


def get_part(amount, currency, shares, user_ids):
    """Return the part of an amount.

    :param shares: of its opportunity
    :param user_ids: see :func:`get_credited_user_ids`
    """
    if not shares or not user_ids:
        return amount
    rounding = currency.rounding or 0.01
    units = int(float_round(amount / rounding, precision_digits=0))
    parts = share_out(units, [round(share.percentage * 100) for share in shares])
    meant = sum(
        part
        for part, share in zip(parts, shares, strict=True)
        if (share.user_id.id or 0) in user_ids
    )
    return meant * rounding


def get_part_sql(model, alias, query, names, lead_id):
    """Return the SQL of :func:`get_part`.

    :param names: of the fields of the amount and of its currency
    :param lead_id: SQL of the id of the opportunity
    """
    amount, currency = (model._field_to_sql(alias, name, query) for name in names)
    user_ids = get_credited_user_ids(model.env)
    shares = model.env["crm.lead.share"]
    if not user_ids or not shares._are_there():
        return amount
    _name, part = shares._join_parts(query, lead_id, user_ids)
    rounding = SQL(
        "COALESCE((SELECT rounding FROM res_currency WHERE id = %s), 0.01)", currency
    )
    units = SQL("round((%s)::numeric / %s)", amount, rounding)
    return SQL("(COALESCE(%s, 0) * %s)", part.share_out(units), rounding)
