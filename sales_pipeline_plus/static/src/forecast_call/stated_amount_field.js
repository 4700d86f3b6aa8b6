import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";

/**
 * An amount that somebody states: nothing, or what is no number, is not 0. The input is
 * empty until something is stated, and the record cannot be saved as long as it is.
 */
export class StatedAmountField extends MonetaryField {
    setup() {
        this.isStated = !this.props.record.isNew || Boolean(this.value);
        super.setup();
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", () => {
            if (!this.isStated && !this.props.readonly) {
                this.props.record.setInvalidField(this.props.name);
            }
        });
    }

    get inputOptions() {
        const {parse, ...options} = super.inputOptions;
        return {
            ...options,
            parse: (text) => {
                // Also where the parser raises an error
                this.isStated = false;
                const amount = parse(text);
                // Odoo's takes letters for a currency, and nothing for 0.
                this.isStated = /\d/.test(text);
                return amount;
            },
        };
    }

    get formattedValue() {
        return this.isStated || this.props.readonly ? super.formattedValue : "";
    }
}

export const statedAmountField = {...monetaryField, component: StatedAmountField};

registry.category("fields").add("stated_amount", statedAmountField);
