"""When a person can make visits: plain dates and times, without any record."""

from collections import Counter, defaultdict
from datetime import timedelta


class Agenda:
    """Working time of one person, less what is booked, with so many visits a day.

    All times are naive and in the person's own time zone. What is busy counts as a
    visit of that day, and no visit meets it.

    :param working: list of (start, stop) of the working time
    :param busy: list of (start, stop) of what is booked
    :param visit_days: dates of the visits that are planned and not among ``busy``

    >>> from datetime import date, datetime
    >>> monday = datetime(2026, 3, 2)
    >>> days = [monday + timedelta(days=n) for n in range(2)]
    >>> agenda = Agenda([(d.replace(hour=9), d.replace(hour=12)) for d in days])
    >>> [str(agenda.book(date(2026, 3, 1), 2, 1.0)[0]) for _rank in range(3)]
    ['2026-03-02 09:00:00', '2026-03-02 10:00:00', '2026-03-03 09:00:00']
    """

    def __init__(self, working, busy=(), visit_days=()):
        self.working = defaultdict(list)
        for start, stop in sorted(working):
            self.working[start.date()].append((start, stop))
        self.busy = list(busy)
        self.load = Counter(visit_days)
        for start, _stop in self.busy:
            self.load[start.date()] += 1

    def book(self, earliest, daily_limit, hours):
        """Book the first free time and return it as (start, stop), or None.

        :param earliest: the first date that suits
        :param daily_limit: number of visits and meetings of a day
        :param hours: duration of the visit
        """
        for day in sorted(self.working):
            if day < earliest or self.load[day] >= daily_limit:
                continue
            slot = self._find_slot(day, timedelta(hours=hours))
            if slot:
                self.busy.append(slot)
                self.load[day] += 1
                return slot
        return None

    def _find_slot(self, day, duration):
        for work_start, work_stop in self.working[day]:
            start = work_start
            for busy_start, busy_stop in sorted(self.busy):
                if busy_stop <= start or busy_start >= start + duration:
                    continue
                start = busy_stop
            if start + duration <= work_stop:
                return start, start + duration
        return None
