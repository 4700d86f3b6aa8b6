import {CalendarModel} from "@web/views/calendar/calendar_model";
import {patch} from "@web/core/utils/patch";

const SIGNS = {missing: "\u26a0\ufe0f", overdue: "\u2757"};

/**
 * In any calendar that loads its state, a deal without next action, or whose next
 * action is overdue, carries a sign.
 */
patch(CalendarModel.prototype, {
    normalizeRecord(rawRecord) {
        const record = super.normalizeRecord(rawRecord);
        const sign = SIGNS[rawRecord.next_action_state];
        if (sign) {
            record.title = `${sign} ${record.title}`;
        }
        return record;
    },
});
