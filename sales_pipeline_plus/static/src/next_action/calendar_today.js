import {CalendarCommonRenderer} from "@web/views/calendar/calendar_common/calendar_common_renderer";
import {patch} from "@web/core/utils/patch";

const {DateTime} = luxon;

const MODELS = ["crm.lead", "crm.visit"];

/**
 * What is to do today is not over before the day is: Odoo draws it pale from the first
 * hour on.
 */
patch(CalendarCommonRenderer.prototype, {
    eventClassNames({event}) {
        const classes = super.eventClassNames(...arguments);
        const {model} = this.props;
        const record = model.records[event.id];
        return MODELS.includes(model.resModel) &&
            record?.startType === "date" &&
            record.start.hasSame(DateTime.now(), "day")
            ? classes.filter((name) => name !== "o_past_event")
            : classes;
    },
});
