from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools.arguments import check_records
from ...tools.internal import INTERNAL
from ...tools.texts import get_model_name

# Context of copies: what is copied is checked afterwards, when it has its writer.
COPYING = "copying_conditions"


class CrmConditionMixin(models.AbstractModel):
    """A record with a condition, which reads what the person who wrote it may read.

    This person is the one who changed the condition last, or who wrote the same
    condition where it was taken from, see :meth:`_get_condition_origins`. Nobody can
    choose somebody else. Whoever is no sales manager and changes what narrows the
    answer, see :meth:`_get_condition_scope`, answers for it as well: a total with the
    rights of somebody else would else single out what is hidden.
    """

    _name = "crm.condition.mixin"
    _inherit = ["crm.naming.mixin"]
    _description = "Condition with the Rights of Its Writer"

    condition_user_id = fields.Many2one(
        "res.users",
        string="Rights Of",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The person who defined what is asked for: it reads what this person may "
        "read.",
    )

    # ------------------------------------------------------------
    # WHAT A MODEL SAYS
    # ------------------------------------------------------------

    @api.model
    def _get_condition_fields(self):
        """Return the names of the fields that say what is asked for."""
        return ["condition"]

    @api.model
    def _get_origin_fields(self):
        """Return the names of the fields with the records that the condition may have
        been taken from."""
        return []

    def _get_condition_model(self):
        """Return the model that the condition is about, or None."""
        raise NotImplementedError

    def _get_condition_scope(self):
        """Return what narrows the answer besides the condition, ``{name: value}``;
        empty when nothing does."""
        self.ensure_one()
        return {}

    def _get_condition_place(self):
        """Return where the condition is asked, and what narrows the answer there, to be
        compared."""
        return self._get_condition_scope()

    @api.model
    def _get_place_fields(self):
        """Return the names of the fields on which :meth:`_get_condition_place`
        depends."""
        return []

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _get_condition_key(self):
        """Return what is asked for, to be compared."""
        self.ensure_one()
        return tuple(self[fname] for fname in self._get_condition_fields())

    def _get_condition_origins(self):
        """Return the records that have this very condition, asked as widely, and that
        it may have been taken from."""
        self.ensure_one()
        key, scope = self._get_condition_key(), self._get_condition_scope()
        origins = (self[fname]._origin.sudo() for fname in self._get_origin_fields())
        return [
            origin
            for origin in origins
            if origin
            and origin.condition_user_id
            and origin._get_condition_key() == key
            and origin._get_condition_scope() == scope
        ]

    def _get_condition_user(self):
        """Return the person with whose rights the condition is read; of a form that is
        not saved yet, the one it would be."""
        self.ensure_one()
        if self.id:
            return self.sudo().condition_user_id
        saved = self._origin.sudo()
        if (
            saved
            and saved._get_condition_key() == self._get_condition_key()
            and (
                self._may_narrow()
                or saved._get_condition_place() == self._get_condition_place()
            )
        ):
            return saved.condition_user_id
        origins = self._get_condition_origins()
        return origins[0].condition_user_id if origins else self.env.user

    def _get_condition_reader(self, timezone=None):
        """Return the model of the condition as its writer reads it, or None."""
        model, user = self._get_condition_model(), self._get_condition_user()
        if model is None or not user:
            return None
        return self.env["crm.condition"]._get_reader(model, user, timezone)

    def _update_condition_users(self, before):
        """Note who defined what has changed, and check that it can be asked.

        :param before: ``{record: (key, origins, place)}``
        """
        changed, narrowed = self.browse(), self.browse()
        for record in self:
            key, origins, place = before.get(record, (None, None, None))
            is_new = record._get_condition_key() != key
            if not is_new and record._get_origin_ids() == origins:
                if record._get_condition_place() != place:
                    narrowed += record
                continue
            if found := record._get_condition_origins():
                record._set_condition_user(found[0].condition_user_id)
            elif is_new:
                record._set_condition_user(self.env.user)
            elif record._get_condition_place() != place:
                narrowed += record
            changed += record
        narrowed._take_over_narrowed()
        if not self._is_copying():
            changed._check_condition()

    def _get_condition_state(self):
        """Return what :meth:`_update_condition_users` compares."""
        return (
            self._get_condition_key(),
            self._get_origin_ids(),
            self._get_condition_place(),
        )

    @api.model
    def _may_narrow(self):
        """Tell whether the user may narrow what somebody else's condition answers: a
        sales manager and Odoo itself may, and who cannot read the answer."""
        user = self.env.user
        return (
            user._is_superuser()
            or user.has_group("sales_team.group_sale_manager")
            or not self.sudo(False).browse().has_access("read")
        )

    def _take_over_narrowed(self):
        """Let the user answer for conditions of which the answer was narrowed."""
        if self and not self._may_narrow():
            for record in self:
                record._set_condition_user(self.env.user)

    @contextmanager
    def _watching_narrowing(self):
        """Note who narrows what is asked by a change of other records."""
        if not self or self._may_narrow():
            yield
            return
        before = {record: record._get_condition_place() for record in self}
        yield
        self.exists().filtered(
            lambda record: record._get_condition_place() != before[record]
        )._take_over_narrowed()

    @api.model
    def _is_copying(self):
        return self.env.context.get(COPYING) is INTERNAL

    def _get_origin_ids(self):
        self.ensure_one()
        return [self[fname].id for fname in self._get_origin_fields()]

    def _take_over_condition_users(self, sources, is_elsewhere=False):
        """Note that conditions were copied, ``{record: its source}``.

        A copy is as good as its source, also where that cannot be asked any more,
        unless it is asked otherwise.

        :param is_elsewhere: they were copied together with the place where they are
            asked, so only what narrows the answer there is compared
        """
        changed = self.browse()
        compared = "_get_condition_scope" if is_elsewhere else "_get_condition_place"
        for record, source in sources.items():
            if record._get_condition_key() != source._get_condition_key():
                changed += record
            elif getattr(record, compared)() != getattr(source, compared)():
                continue
            elif user := source.sudo().condition_user_id:
                record._set_condition_user(user)
        changed._check_condition()

    def _set_condition_user(self, user):
        if self.sudo().condition_user_id != user:
            self.sudo().condition_user_id = user

    def action_renew_condition(self):
        """Answer for the condition from now on: it reads what the user may read."""
        check_records(self)
        self.check_access("write")
        self.sudo().write({"condition_user_id": self.env.uid})
        self._check_condition()
        return True

    # ------------------------------------------------------------
    # CHECKS AND CHANGES
    # ------------------------------------------------------------

    def _check_condition(self):
        """Raise when a condition cannot be asked with the rights of its writer."""
        errors = {}
        for record in self:
            if (reader := record._get_condition_reader()) is None:
                continue
            key = (reader._name, reader.env.uid, record.condition)
            if key not in errors:
                errors[key] = self.env["crm.condition"]._find_error(
                    reader, record.condition
                )
            if errors[key]:
                raise self._make_condition_error(
                    record.display_name, "condition", errors[key]
                )

    @api.model
    def _make_condition_error(self, name, fname, reason):
        return ValidationError(
            self.env._(
                "“%(record)s”: the condition in “%(field)s” cannot be used: "
                "%(reason)s. Choose it again with the editor.",
                record=name or get_model_name(self),
                field=self._fields[fname]._description_string(self.env),
                reason=reason,
            )
        )

    @api.model
    def _check_condition_vals(self, vals, name):
        """Raise when values are nothing that the fields can hold."""
        if "condition" in vals and not self._is_copying():
            try:
                self.env["crm.condition"]._parse(vals["condition"])
            except ValidationError as error:
                raise self._make_condition_error(name, "condition", error) from error
        for fname in self._get_condition_fields():
            field = self._fields[fname]
            value = vals.get(fname)
            if (
                field.type == "selection"
                and value
                and value not in field.get_values(self.env)
            ):
                raise ValidationError(
                    self.env._(
                        "“%(record)s”: “%(value)s” is no choice of the field "
                        "“%(field)s”. Choose one of its list.",
                        record=name or get_model_name(self),
                        value=value,
                        field=field._description_string(self.env),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        for vals in vals_list:
            self._check_condition_vals(vals, vals.get("name"))
        given = [self.env.su and "condition_user_id" in vals for vals in vals_list]
        records = super().create(
            [
                vals if is_given else {**vals, "condition_user_id": self.env.uid}
                for vals, is_given in zip(vals_list, given, strict=True)
            ]
        )
        before = {
            record: record._get_condition_state()
            for record, is_given in zip(records, given, strict=True)
            if is_given
        }
        records._update_condition_users(before)
        return records

    def write(self, vals):
        self.browse().check_access("write")
        if not self.env.su:
            vals = {
                fname: value
                for fname, value in vals.items()
                if fname != "condition_user_id"
            }
        watched = {
            *self._get_condition_fields(),
            *self._get_origin_fields(),
            *self._get_place_fields(),
        }
        if watched.isdisjoint(vals):
            return super().write(vals)
        self._check_condition_vals(vals, self[:1].display_name)
        before = {record: record._get_condition_state() for record in self}
        result = super().write(vals)
        self._update_condition_users(before)
        return result

    def copy(self, default=None):
        copies = (
            super(CrmConditionMixin, self._copying()).copy(default).with_env(self.env)
        )
        self._take_over_condition_users(dict(zip(copies, self, strict=True)))
        return copies

    def _copying(self):
        """Return the records in a context in which copies are made."""
        return self.with_context(**{COPYING: INTERNAL})

    def _init_column(self, column_name):
        """Conditions from before are their last writer's; what a cron has written last
        is its creator's."""
        if column_name != "condition_user_id":
            return super()._init_column(column_name)
        self.env.cr.execute(
            SQL(
                """UPDATE %s SET condition_user_id =
                          CASE WHEN write_uid = %s THEN create_uid
                               ELSE write_uid END""",
                SQL.identifier(self._table),
                SUPERUSER_ID,
            )
        )
        return None
