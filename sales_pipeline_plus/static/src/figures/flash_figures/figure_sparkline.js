import {Component} from "@odoo/owl";
import {isNoData} from "./figure_format";

const WIDTH = 100;
const HEIGHT = 24;
const MARGIN = 2;

/** A small line of the last periods. Periods without data leave a gap. */
export class FigureSparkline extends Component {
    static template = "sales_pipeline_plus.FigureSparkline";
    static props = {values: Array};

    get viewBox() {
        return `0 0 ${WIDTH} ${HEIGHT}`;
    }

    /** The points {x, y} of the values, null where there is no data. */
    get points() {
        const {values} = this.props;
        const known = values.filter((value) => !isNoData(value));
        const least = Math.min(0, ...known);
        const range = Math.max(0, ...known) - least || 1;
        const step = (WIDTH - 2 * MARGIN) / Math.max(values.length - 1, 1);
        return values.map((value, index) =>
            isNoData(value)
                ? null
                : {
                      x: MARGIN + index * step,
                      y:
                          HEIGHT -
                          MARGIN -
                          ((value - least) / range) * (HEIGHT - 2 * MARGIN),
                  }
        );
    }

    get path() {
        let command = "M";
        const parts = [];
        for (const point of this.points) {
            if (point) {
                parts.push(`${command}${point.x.toFixed(1)},${point.y.toFixed(1)}`);
            }
            command = point ? "L" : "M";
        }
        return parts.join(" ");
    }

    get last() {
        return this.points.at(-1);
    }
}
