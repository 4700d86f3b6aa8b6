"""The views of records that are opened behind a number."""

# On a phone one card below the other, and not in columns by stage.
CARDS = {"crm.lead": "sales_pipeline_plus.crm_lead_view_kanban_records"}


def get_record_views(env, model_name):
    """Return the views of the list that opens, as an action has them.

    With ``mobile_view_mode`` "kanban" a phone shows the cards.
    """
    cards = CARDS.get(model_name)
    return [
        [False, "list"],
        [env.ref(cards).id if cards else False, "kanban"],
        [False, "form"],
    ]
