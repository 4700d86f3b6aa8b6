from ..common import ALL_DOCUMENTS, PipelineCase


class ApprovalCase(PipelineCase):
    """In Equipment, the leader of the team alone moves deals into Offer; others ask.
    The leader sees all deals, the manager leads nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._new_user("leader", ALL_DOCUMENTS)
        cls.equipment_team.user_id = cls.leader
        cls.line = cls._restrict(cls.equipment, cls.offer, "leader")

    @classmethod
    def _restrict(cls, pipeline, stage, policy, approval=True, group=None):
        line = cls._line(cls, pipeline, stage)
        line.write(
            {
                "entry_policy": policy,
                "entry_approval": approval,
                "entry_group_id": group and group.id,
            }
        )
        return line

    def _ask(self, deals, stage=None, user=None, approver=None, reason="Please"):
        """Ask for an approval as a person does, by the dialog."""
        dialog = (
            self.env["crm.lead.approval.request"]
            .with_user(user or self.salesman)
            .with_context(
                active_model="crm.lead",
                active_ids=deals.ids,
                approval_stage_id=(stage or self.offer).id,
            )
            .create({"reason": reason})
        )
        if approver:
            dialog.approver_id = approver
        dialog.action_request()
        return self._get_approvals(deals)

    def _get_approvals(self, deals):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["crm.lead.approval"]
            .sudo()
            .search([("lead_id", "in", deals.ids)], order="id")
        )

    def _refuse(self, deals, user, answer="Not now"):
        self.env["crm.lead.approval.refusal"].with_user(user).with_context(
            active_model="crm.lead", active_ids=deals.ids
        ).create({"answer": answer}).action_refuse()

    def assertStates(self, deals, *states):
        self.assertEqual(self._get_approvals(deals).mapped("state"), list(states))
        waiting = deals.sudo().filtered("approval_stage_id")
        self.assertEqual(len(waiting), states.count("waiting"))
