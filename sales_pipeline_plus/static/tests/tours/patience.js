import {Notification} from "@web/core/notifications/notification";
import {TourAutomatic} from "@web_tour/js/tour_automatic/tour_automatic";

/*
 * However busy the machine is: a step waits for what it wants to see, and what a
 * notification says, or offers, is still there when its turn comes.
 */
const PATIENCE_MS = 60_000;

TourAutomatic.prototype.timeout = PATIENCE_MS;
Notification.defaultProps.autocloseDelay = PATIENCE_MS;
