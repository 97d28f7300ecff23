"""Touches and their shares of opportunities, by the definitions, in plain loops over raw rows."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
from collections import Counter, defaultdict
from fractions import Fraction

import duckdb
from plain_facts import DAY, Row, read

WINDOW, HALF_LIFE = 120, 10
MODELS = ("first", "last", "linear", "position", "w_shaped", "time_decay", "markov")
EPOCH = dt.datetime.combine(dt.date(1970, 1, 1), dt.time())
START, WON, LOST = "(start)", "(won)", "(lost)"
FIRST_VISITS = {"PAID_SEARCH": "Paid Search", "ORGANIC_SEARCH": "Organic Search"}
Touch = tuple[dt.datetime, str, str]  # moment, key, channel


class Marketing:
    """The sample company, whose business day is that of UTC, as of its last extract."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.as_of: dt.date = read(connection, "from intermediate.int_as_of_date")[0]["as_of_date"]
        self.deals = read(connection, "from marts.fct_opportunity order by opportunity_key")
        self.leads = self._newest(connection, "salesforce.lead")
        self.contacts = self._newest(connection, "salesforce.opportunity")
        self.members = self._newest(connection, "salesforce.campaign_member")
        self.campaigns = self._newest(connection, "salesforce.campaign")
        self.hubspot_deals = read(connection, "from raw_hubspot.deals")
        self.hubspot_contacts = read(connection, "from raw_hubspot.contacts")
        self.sessions = read(connection, "from raw_ga4.sessions order by event_timestamp")
        self.advertised = {
            name.strip().lower(): channel
            for channel, table in (("Paid Search", "google_ads"), ("Paid Social", "linkedin_ads"))
            for (name,) in connection.execute(
                f"select distinct campaign_name from raw_{table}.campaign_daily"
            ).fetchall()
        } | {"search | emea | brand 2": "Paid Search"}  # two platforms: the first by name
        # A lead and its contact are one person, by the contact's id.
        self.person = {
            lead["id"]: lead["converted_contact_id"] or lead["id"] for lead in self.leads
        }

    def _newest(self, connection: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
        newest: dict[str, Row] = {}
        rows = read(connection, f"from raw_{table} order by _last_extract_date, system_modstamp")
        for row in rows:
            newest[row["id"]] = row
        return [row for row in newest.values() if not row["is_deleted"]]

    def touches(self) -> dict[str, list[Touch]]:
        """By person."""
        touches: dict[str, list[Touch]] = defaultdict(list)
        channels = {
            campaign["id"]: self.advertised.get(campaign["name"].strip().lower(), campaign["type"])
            for campaign in self.campaigns
        }
        for member in self.members:
            if member["has_responded"]:
                person = member["contact_id"] or self.person[member["lead_id"]]
                moment = dt.datetime.combine(member["first_responded_date"], dt.time())
                touch = (moment, f"salesforce:{member['id']}", channels[member["campaign_id"]])
                touches[person].append(touch)
        for session, person in self._visits():
            channel = session["default_channel_group"]
            moment = EPOCH + dt.timedelta(microseconds=session["event_timestamp"])
            browser_session = f"{session['user_pseudo_id']}:{session['ga_session_id']}"
            md5 = hashlib.md5(browser_session.encode(), usedforsecurity=False)
            key = f"ga4:{md5.hexdigest()}:salesforce"
            if channel != "Direct" and moment < dt.datetime.combine(self.as_of + DAY, dt.time()):
                touches[person].append((moment, key, channel))
        for contact in self.hubspot_contacts:
            channel = FIRST_VISITS.get(contact["hs_analytics_source"])
            if channel:
                key = f"hubspot:{contact['id']}:first_visit"
                touches[contact["id"]].append((contact["createdate"], key, channel))
        return touches

    def _visits(self) -> list[tuple[Row, str]]:
        people: dict[str, set[str]] = defaultdict(set)
        for lead in self.leads:
            if lead["email"]:
                address = hashlib.sha256(lead["email"].strip().lower().encode()).hexdigest()
                people[address].add(self.person[lead["id"]])
        known = [
            (session, next(iter(people[session["user_id"]])))
            for session in self.sessions
            if len(people.get(session["user_id"], ())) == 1
        ]
        seen: dict[str, set[str]] = defaultdict(set)
        for session, person in known:
            seen[session["user_pseudo_id"]].add(person)
        unknown = [
            (session, next(iter(seen[session["user_pseudo_id"]])))
            for session in self.sessions
            if session["user_id"] is None and len(seen.get(session["user_pseudo_id"], ())) == 1
        ]
        return known + unknown

    def paths(self) -> dict[str, list[Touch]]:
        """The touches that count, in order, by opportunity."""
        people: dict[str, set[str]] = defaultdict(set)
        for lead in self.leads:
            if lead["converted_opportunity_id"]:
                people[lead["converted_opportunity_id"]].add(self.person[lead["id"]])
        for opportunity in self.contacts:
            if opportunity["contact_id"]:
                people[opportunity["id"]].add(opportunity["contact_id"])
        for deal in self.hubspot_deals:
            contacts = json.loads(deal["associations"])["contacts"]["results"]
            people[deal["id"]] = {contact["id"] for contact in contacts}
        self.people = people
        touches = self.touches()
        paths = {}
        for deal in self.deals:
            end = deal["closed_at"] or dt.datetime.combine(self.as_of + DAY, dt.time())
            last = deal["closed_at"].date() if deal["closed_at"] else self.as_of
            path = sorted(
                touch
                for person in people[deal["opportunity_key"].partition(":")[2]]
                for touch in touches[person]
                if touch[0] < end and touch[0].date() >= last - WINDOW * DAY
            )
            if path:
                paths[deal["opportunity_key"]] = path
        return paths

    def lead_created(self, opportunity: str) -> dt.datetime:
        people = self.people[opportunity.partition(":")[2]]
        created = [lead["created_date"] for lead in self.leads if self.person[lead["id"]] in people]
        became = "hs_lifecyclestage_lead_date"
        created += [
            contact[became] or contact["createdate"]
            for contact in self.hubspot_contacts
            if contact["id"] in people
        ]
        return min(created, default=EPOCH)

    def shares(self) -> dict[tuple[str, str, str], float]:
        """Weights by opportunity, touch and model."""
        paths, deals = self.paths(), {deal["opportunity_key"]: deal for deal in self.deals}
        effects = removal_effects(
            [
                ([channel for _, _, channel in path], deals[key]["is_won"])
                for key, path in paths.items()
                if deals[key]["is_closed"]
            ]
        )
        shares = {}
        for opportunity, path in paths.items():
            deal = deals[opportunity]
            last = deal["closed_at"].date() if deal["closed_at"] else self.as_of
            marks = (self.lead_created(opportunity), deal["created_at"])
            weights = {
                **position_weights(len(path)),
                "w_shaped": w_shape([moment for moment, _, _ in path], marks),
                "time_decay": [2 ** (-(last - at.date()).days / HALF_LIFE) for at, _, _ in path],
                "markov": [float(effects.get(channel, 0)) for _, _, channel in path],
            }
            if not any(weights["markov"]):
                weights["markov"] = [1.0] * len(path)
            for model in MODELS:
                total = sum(weights[model])
                for (_, key, _), weight in zip(path, weights[model], strict=True):
                    shares[opportunity, key, model] = weight / total
        return shares


def position_weights(count: int) -> dict[str, list[float]]:
    ends = [1.0] if count == 1 else [0.5, 0.5]
    middle = [0.2 / (count - 2)] * (count - 2) if count > 2 else []
    return {
        "first": [1.0] + [0.0] * (count - 1),
        "last": [0.0] * (count - 1) + [1.0],
        "linear": [1.0] * count,
        "position": [0.4, *middle, 0.4] if middle else ends,
    }


def w_shape(moments: list[dt.datetime], marks: tuple[dt.datetime, ...]) -> list[float]:
    weights = [0.0] * len(moments)
    weights[0] = 0.3
    for mark in marks:
        before = [place for place, moment in enumerate(moments) if moment <= mark]
        if before:
            weights[before[-1]] += 0.3
    rest = weights.count(0.0)
    return [weight or 0.1 / rest for weight in weights]


def removal_effects(paths: list[tuple[list[str], bool]]) -> dict[str, Fraction]:
    """Exactly, by solving for the chance of winning from each state with and without a channel."""
    moves: dict[str, Counter[str]] = defaultdict(Counter)
    for channels, is_won in paths:
        states = [START, *channels, WON if is_won else LOST]
        for here, there in itertools.pairwise(states):
            moves[here][there] += 1  # staying included: it changes no chance of winning
    whole = chance_of_winning(moves, None)
    return {
        channel: 1 - chance_of_winning(moves, channel) / whole
        for channel in moves
        if channel != START
    }


def chance_of_winning(moves: dict[str, Counter[str]], removed: str | None) -> Fraction:
    states = [state for state in moves if state != removed]
    rows = []
    for state in states:
        total = sum(moves[state].values())
        row = [Fraction(-moves[state][other], total) for other in states]
        row[states.index(state)] += 1
        rows.append([*row, Fraction(moves[state][WON], total)])
    for pivot in range(len(states)):  # every pivot stays positive: all paths end
        rows[pivot] = [value / rows[pivot][pivot] for value in rows[pivot]]
        for place in range(len(states)):
            if place != pivot:
                factor = rows[place][pivot]
                rows[place] = [
                    a - factor * b for a, b in zip(rows[place], rows[pivot], strict=True)
                ]
    return rows[states.index(START)][-1]
