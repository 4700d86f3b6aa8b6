import {
    BadgeSelectionField,
    badgeSelectionField,
} from "@web/views/fields/badge_selection/badge_selection_field";
import {
    BadgeSelectionWithIconsField,
    badgeSelectionWithIconsField,
} from "@mail/views/fields/badge_selection_icons/badge_selection_icons_field";
import {registry} from "@web/core/registry";

const withKeyboard = (Field) =>
    class extends Field {
        static template = "sales_pipeline_plus.ChoiceBadges";

        get label() {
            return this.props.record.fields[this.props.name].string;
        }

        /** What focuses the field by its id comes to the choice that was made. */
        focusChoice({target}) {
            (
                target.querySelector("button.active") || target.querySelector("button")
            )?.focus();
        }
    };

/** Odoo's badges are spans, which no key reaches: these are buttons. */
export class ChoiceBadgesField extends withKeyboard(BadgeSelectionField) {}

export class ChoiceBadgesWithIconsField extends withKeyboard(
    BadgeSelectionWithIconsField
) {}

registry
    .category("fields")
    .add("choice_badges", {...badgeSelectionField, component: ChoiceBadgesField})
    .add("choice_badges_icons", {
        ...badgeSelectionWithIconsField,
        component: ChoiceBadgesWithIconsField,
    });
