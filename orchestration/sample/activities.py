"""Tasks and meetings of a deal: work goes on while it is open, and stops when it stalls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.sample.chance import Chance
from orchestration.sample.clock import moment, working_day
from orchestration.sample.company import Company
from orchestration.sample.deals import END, Deal
from orchestration.sample.people import Person

# Type, subtype, subject.
_TASKS = (
    ("Call", "Call", "Gọi điện tư vấn"),
    ("Call", "Call", "Follow-up call, pricing"),
    ("Email", "Email", "Email: proposal sent"),
    ("Email", "Email", 'Re: "terms", 2nd round'),
    ("Other", "Task", "Prepare demo"),
)


@dataclass(frozen=True)
class Task:
    """A task of a deal or a lead; ``completed`` is None while it is open."""

    owner: Person
    about: Deal | None
    lead_id: str
    type: str
    subtype: str
    subject: str
    created: dt.datetime
    due: dt.date
    completed: dt.datetime | None
    seconds: int | None


@dataclass(frozen=True)
class Meeting:
    """A calendar event; ``is_child`` marks the copy of an invited colleague."""

    owner: Person
    about: Deal
    subject: str
    created: dt.datetime
    starts: dt.datetime
    ends: dt.datetime
    is_child: bool


@dataclass(frozen=True)
class Work:
    """What was done for a deal."""

    tasks: list[Task]
    meetings: list[Meeting]

    def last_day(self, until: dt.datetime) -> dt.date | None:
        """Day of the last thing done up to a moment."""
        done = [task.completed for task in self.tasks if task.completed and task.completed <= until]
        done += [meeting.ends for meeting in self.meetings if meeting.ends <= until]
        return max(done).date() if done else None


def work_on(company: Company, deal: Deal) -> Work:
    """Tasks and meetings of a deal up to the newest extract."""
    chance = Chance(company.seed, "work", deal.number)
    begins, ends = deal.changes[0].at, _works_until(deal)
    tasks = [_task(deal, chance, begins, ends) for _ in range(chance.count(company.size.tasks))]
    meetings: list[Meeting] = []
    for _ in range(chance.count(company.size.meetings)):
        meetings.extend(_meeting(deal, chance, begins, ends))
    return Work(
        [task for task in tasks if task.created <= END],
        [meeting for meeting in meetings if meeting.created <= END],
    )


def _works_until(deal: Deal) -> dt.datetime:
    closed = next((change.at for change in deal.changes if change.stage.is_closed), None)
    ends = closed or END + dt.timedelta(days=10)
    return min(ends, deal.quiet_from) if deal.quiet_from else ends


def _day(chance: Chance, begins: dt.datetime, ends: dt.datetime) -> dt.date:
    days = max(0, (ends.date() - begins.date()).days)
    day = begins.date() + dt.timedelta(days=int(days * chance.share()))
    return max(working_day(day), begins.date())


def _task(deal: Deal, chance: Chance, begins: dt.datetime, ends: dt.datetime) -> Task:
    kind, subtype, subject = chance.pick(_TASKS)
    due = _day(chance, begins, ends)
    opens = deal.seat.region.opens
    done = moment(due, opens + chance.whole(1, 8), chance.whole(0, 59), chance.whole(0, 59))
    created = max(begins, done - dt.timedelta(days=chance.whole(0, 9), minutes=chance.whole(5, 50)))
    done = max(done, created + dt.timedelta(minutes=5))
    completed = done if chance.happens(0.93) and done <= END else None
    seconds = chance.whole(20, 1800) if kind == "Call" and completed else None
    return Task(
        deal.owner(done), deal, "", kind, subtype, subject, created, due, completed, seconds
    )


def _meeting(
    deal: Deal, chance: Chance, begins: dt.datetime, ends: dt.datetime
) -> Iterator[Meeting]:
    day = _day(chance, begins, ends)
    starts = moment(day, deal.seat.region.opens + chance.whole(1, 7), chance.pick((0, 15, 30, 45)))
    created = max(begins, starts - dt.timedelta(days=chance.whole(1, 14)))
    starts = max(starts, created + dt.timedelta(minutes=30))
    length = dt.timedelta(minutes=chance.pick((30, 45, 60, 90)))
    owner = deal.owner(starts)
    subject = chance.pick(("Demo", "Họp khách hàng", "Kick-off, on site", "Executive review"))
    yield Meeting(owner, deal, subject, created, starts, starts + length, is_child=False)
    invited = deal.seat.manager
    if chance.happens(0.15) and invited is not owner:
        yield Meeting(invited, deal, subject, created, starts, starts + length, is_child=True)
