import {TourAutomatic} from "@web_tour/js/tour_automatic/tour_automatic";

/* A step waits for what it wants to see, however busy the machine is. */
TourAutomatic.prototype.timeout = 60_000;
