"""What of the two addons can be reached from outside, found by looking at them."""

import inspect

ADDONS = ("sales_pipeline_plus", "sales_campaign_goals")
PREFIXES = tuple(f"odoo.addons.{addon}." for addon in ADDONS)
# Every model has these; who may do what with records is in the table of models.
OF_RECORDS = {
    "copy",
    "copy_data",
    "create",
    "default_get",
    "load",
    "name_create",
    "onchange",
    "unlink",
    "write",
}
# Odoo's own, which take what RPC cannot send: a field of a model.
OF_PROGRAMS = {("ir.fields.converter", "db_id_for")}


def get_models(env):
    """Return the names of the addons' own models."""
    return [name for name in sorted(env.registry) if is_ours(env.registry[name])]


def is_ours(model_class):
    return model_class._original_module in ADDONS


def get_public_methods(env):
    """Return {(model, method): function} that RPC can call and our modules define.

    Methods of Odoo's that we extend are among them, save those of records.
    """
    found = {}
    for model_name in sorted(env.registry):
        model_class = env.registry[model_name]
        for definition in model_class.__mro__:
            if not definition.__module__.startswith(PREFIXES):
                continue
            for name, value in vars(definition).items():
                if (
                    not name.startswith("_")
                    and name not in OF_RECORDS
                    and (model_name, name) not in OF_PROGRAMS
                    and inspect.isfunction(value)
                    and not _is_private(model_class, name)
                ):
                    found[model_name, name] = getattr(model_class, name)
    return found


def _is_private(model_class, name):
    return any(
        getattr(getattr(each, name, None), "_api_private", False)
        for each in model_class.__mro__
    )


def get_required_arguments(function):
    """Return the names of the arguments that a method cannot be called without."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return [
        parameter.name
        for parameter in parameters
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]


def get_actions(env):
    """Return {external id: record} of the addons' actions, reports and menus."""
    found = {}
    for model in (
        "ir.actions.act_window",
        "ir.actions.client",
        "ir.actions.report",
        "ir.actions.server",
        "ir.actions.act_url",
        "ir.ui.menu",
    ):
        data = env["ir.model.data"].search(
            [("module", "in", ADDONS), ("model", "=", model)]
        )
        for each in data:
            record = env[model].browse(each.res_id).exists()
            if record:
                found[each.complete_name] = record
    return dict(sorted(found.items()))


def get_routes(env):
    """Return {path: how it is opened} of the addons' controllers."""
    found = {}
    for rule, endpoint in env["ir.http"]._generate_routing_rules(ADDONS, False):
        module = inspect.unwrap(endpoint.func).__module__
        if module.startswith(PREFIXES):
            methods = "+".join(endpoint.routing.get("methods") or ["any"])
            found[rule] = f"{endpoint.routing['auth']} {methods}"
    return found
