import {Component, onWillUpdateProps, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {formatFigure} from "@sales_pipeline_plus/figures/flash_figures/figure_format";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";
import {withoutSamples} from "@sales_pipeline_plus/figures/without_samples";

const STATES = {
    weak: {label: _t("Weak"), icon: "fa-exclamation-circle text-danger"},
    good: {label: _t("Good"), icon: "fa-check-circle text-success"},
    unknown: {label: _t("No data"), icon: "fa-circle-o text-muted"},
};

/**
 * The lamps of an open deal: the weak ones with their reasons; on demand all of them,
 * and what became of past deals whose lamps were good or weak.
 */
export class HealthCard extends Component {
    static template = "sales_pipeline_plus.HealthCard";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.states = STATES;
        this.state = useState({isOpen: false, outcomes: null});
        onWillUpdateProps(({record}) => {
            if (record.resId !== this.props.record.resId) {
                Object.assign(this.state, {isOpen: false, outcomes: null});
            }
        });
    }

    get lamps() {
        return this.props.record.data[this.props.name] || [];
    }

    get weak() {
        return this.lamps.filter((lamp) => lamp.state === "weak");
    }

    get summary() {
        const count = this.weak.length;
        if (!count) {
            return _t("No weak lamp");
        }
        return count === 1 ? _t("1 weak lamp") : _t("%s weak lamps", count);
    }

    call(method, ...args) {
        return this.orm.call("crm.lead", method, [[this.props.record.resId], ...args]);
    }

    async toggle() {
        this.state.isOpen = !this.state.isOpen;
        if (this.state.isOpen) {
            this.state.outcomes = await this.keepLast.add(
                this.call("get_health_outcomes")
            );
        }
    }

    /**
     * Returns what became of past deals of each state of a lamp.
     *
     * @param {String} code
     * @returns {Object[]}
     */
    getOutcomes(code) {
        const outcome = this.state.outcomes[code];
        return ["good", "weak"].map((state) => ({state, ...outcome[state]}));
    }

    formatOutcome({label, share, count}) {
        return _t("%(label)s: %(share)s of %(count)s won", {
            label,
            share: formatFigure(Math.round(share), "percentage"),
            count,
        });
    }

    async open(code, state) {
        const action = await this.call("open_health_outcomes", code, state);
        this.action.doAction(withoutSamples(action));
    }
}

registry.category("fields").add("health_card", {
    component: HealthCard,
    displayName: _t("Health"),
    supportedTypes: ["json"],
});
