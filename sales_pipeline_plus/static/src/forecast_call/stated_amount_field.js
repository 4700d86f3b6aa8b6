import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";
import {InvalidNumberError} from "@web/views/fields/parsers";
import {readAmount} from "./stated_amount";
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
        return {
            ...super.inputOptions,
            parse: (text) => {
                const amount = readAmount(text, this.currencySymbol);
                this.isStated = amount !== null;
                if (!this.isStated && text.trim()) {
                    throw new InvalidNumberError(text);
                }
                return amount || 0;
            },
        };
    }

    get formattedValue() {
        return this.isStated || this.props.readonly ? super.formattedValue : "";
    }
}

export const statedAmountField = {...monetaryField, component: StatedAmountField};

registry.category("fields").add("stated_amount", statedAmountField);
