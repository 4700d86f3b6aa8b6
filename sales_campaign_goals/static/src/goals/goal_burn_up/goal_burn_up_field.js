/* global Chart */
import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {getColor, getCustomColor} from "@web/core/colors/colors";
import {_t} from "@web/core/l10n/translation";
import {cookie} from "@web/core/browser/cookie";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * Draws what was there at the end of each day, against the pace that was needed.
 */
export class GoalBurnUpField extends Component {
    static template = "sales_campaign_goals.GoalBurnUpField";
    static props = {...standardFieldProps};

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvasRef.el, this.config);
                return () => chart.destroy();
            },
            () => [this.props.record.data[this.props.name]]
        );
    }

    get data() {
        const value = this.props.record.data[this.props.name];
        return value ? JSON.parse(value) : {days: [], actual: [], pace: []};
    }

    get config() {
        const {days, actual, pace, is_whole: isWhole} = this.data;
        const scheme = cookie.get("color_scheme");
        const color = getColor(1, scheme, "odoo");
        const muted = getCustomColor(scheme, "#6b7280", "#9ca3af");
        const grid = getCustomColor(scheme, "#e5e7eb", "#3c3e4b");
        return {
            type: "line",
            data: {
                labels: days,
                datasets: [
                    {
                        label: _t("Reached"),
                        data: actual,
                        borderColor: color,
                        backgroundColor: color,
                        borderWidth: 3,
                        pointRadius:
                            actual.filter((n) => n !== null).length > 1 ? 0 : 4,
                        tension: 0,
                    },
                    {
                        label: _t("Even pace"),
                        data: pace,
                        borderColor: muted,
                        backgroundColor: muted,
                        borderWidth: 2,
                        borderDash: [6, 4],
                        pointRadius: 0,
                        tension: 0,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {mode: "index", intersect: false},
                plugins: {legend: {labels: {color: muted, boxHeight: 1}}},
                scales: {
                    x: {
                        grid: {display: false},
                        ticks: {color: muted, maxTicksLimit: 8, maxRotation: 0},
                    },
                    y: {
                        beginAtZero: true,
                        grid: {color: grid},
                        ticks: {color: muted, precision: isWhole ? 0 : undefined},
                    },
                },
            },
        };
    }
}

export const goalBurnUpField = {
    component: GoalBurnUpField,
    displayName: _t("Progress against the pace"),
    supportedTypes: ["char"],
};

registry.category("fields").add("goal_burn_up", goalBurnUpField);
