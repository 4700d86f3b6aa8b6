import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";

/** Which tiles the user wants, and in which order within their groups. */
export class FigureTileDialog extends Component {
    static template = "sales_pipeline_plus.FigureTileDialog";
    static components = {Dialog};
    static props = {
        close: Function,
        figures: Array,
        codes: Array,
        save: Function,
    };

    setup() {
        const {codes, figures} = this.props;
        const rank = (figure) => {
            const index = codes.indexOf(figure.code);
            return index < 0 ? codes.length : index;
        };
        this.state = useState({
            rows: [...figures]
                .sort((one, other) => rank(one) - rank(other))
                .map((figure) => ({figure, chosen: codes.includes(figure.code)})),
        });
    }

    /** The groups in the catalogue's order, each with its rows in the user's. */
    get groups() {
        const labels = new Map(
            this.props.figures.map((figure) => [figure.group, figure.group_label])
        );
        return [...labels].map(([group, label]) => ({
            group,
            label,
            rows: this.state.rows.filter((row) => row.figure.group === group),
        }));
    }

    upLabel(row) {
        return _t("Move “%s” up", row.figure.label);
    }

    downLabel(row) {
        return _t("Move “%s” down", row.figure.label);
    }

    /**
     * Changes places with the neighbour in the group.
     *
     * @param {Object} row
     * @param {Object} neighbour
     */
    exchange(row, neighbour) {
        const {rows} = this.state;
        const [from, to] = [rows.indexOf(row), rows.indexOf(neighbour)];
        rows[from] = neighbour;
        rows[to] = row;
    }

    get codes() {
        return this.groups.flatMap(({rows}) =>
            rows.filter((row) => row.chosen).map((row) => row.figure.code)
        );
    }

    async save() {
        await this.props.save(this.codes);
        this.props.close();
    }

    async reset() {
        await this.props.save(false);
        this.props.close();
    }
}
