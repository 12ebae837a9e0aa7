"""All reports of a centre, made beside the requests, so that one sees how far they are.

A row says who asked for what and how far it is; any worker takes it up, and goes on with what
another has left. It is kept for an hour, or until it is asked for again; what is being fetched by
then may still be fetched to its end.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from services.reports.domain.report import Paper, Report
from services.reports.models import Bundle, BundlePart
from services.reports.queries.bundles import KEPT, TRIES, Form, is_kept_for, is_under_way
from services.reports.queries.details import report_for, reports_of
from shared import clock
from shared.access.principal import Principal
from shared.db import Database, forget
from shared.i18n import in_language, language
from shared.ids import new_id

LOOK_SECONDS = 1.0
# So long after its time a fetch that has begun may take.
LINGERS = timedelta(minutes=5)
# Longer than one paper takes; whoever is silent for so long is taken to have ended.
HELD = timedelta(minutes=3)
# What has failed may go well a little later.
PAUSE = timedelta(seconds=20)


@dataclass(frozen=True)
class Drawing:
    """How reports are drawn: one by itself, with its name, and all of a centre in one."""

    one: Callable[[Report], bytes]
    name: Callable[[str, Paper, str], str]
    all: Callable[[str, Sequence[Report]], bytes]


def ask(session: Session, who: Principal, centre_no: str, form: Form) -> tuple[Bundle, bool]:
    """The one being made for them, or a new one in place of the one before; whether it is new."""
    asked = {"asked_by": who.user_id, "centre_no": centre_no, "format": form}
    before = session.scalar(select(Bundle).filter_by(**asked))
    if before:
        the_same = before.language == language() and is_kept_for(before, who)
        if the_same and is_under_way(before):
            return before, False
        _replace(session, before)
    papers = [one.paper.id for one in reports_of(session, centre_no, who)]
    told = {"language": language(), "claims": who.to_claims(), "papers": papers}
    bundle = Bundle(id=new_id(), asked_at=(now := clock.now()), held_until=now, **asked, **told)
    session.add(bundle)
    session.flush()
    return bundle, True


def _replace(session: Session, before: Bundle) -> None:
    """Have its time be over; what is being fetched of it is there a little longer."""
    over = {"asked_by": before.id, "asked_at": clock.now() - KEPT}
    session.execute(update(Bundle).where(Bundle.id == before.id).values(over))


def run(drawing: Drawing, database: Database, stop: threading.Event) -> None:
    """Make what is asked for until told to stop; any number of workers may."""
    while not stop.is_set():
        if not make_next(drawing, database, stop):
            stop.wait(LOOK_SECONDS)


def make_next(drawing: Drawing, database: Database, stop: threading.Event) -> bool:
    """Make the bundle that has waited longest, if there is one, and forget those that are over."""
    with database.asking() as session:
        wanted = or_(_forgettable(), _due())
        if session.scalar(select(Bundle.id).where(wanted).limit(1)) is None:
            return False
    bundle = database.run(_take)
    if bundle is None:
        return False
    try:
        _make(drawing, database, bundle, stop)
    finally:
        database.run(partial(_give_back, bundle=bundle, stopped=stop.is_set()))
    return True


def _make(drawing: Drawing, database: Database, bundle: Bundle, stop: threading.Event) -> None:
    with in_language(bundle.language):
        make = _one_pdf if bundle.format == "pdf" else _pdf_for_each
        for _paper in make(drawing, database, bundle):
            if stop.is_set():
                break


def _due() -> ColumnElement[bool]:
    """What nobody makes now, and is neither made, nor given up, nor over."""
    unmade = and_(Bundle.ready_at.is_(None), Bundle.tries < TRIES)
    return and_(unmade, Bundle.held_until <= clock.now(), _in_time())


def _in_time() -> ColumnElement[bool]:
    return Bundle.asked_at > clock.now() - KEPT


def _forgettable() -> ColumnElement[bool]:
    return Bundle.asked_at <= clock.now() - KEPT - LINGERS


def _take(session: Session) -> Bundle | None:
    """The next to be made, held for this worker and by itself: it outlives the session."""
    _forget(session)
    due = select(Bundle).where(_due()).order_by(Bundle.asked_at, Bundle.id).limit(1)
    bundle = session.scalar(due.with_for_update(skip_locked=True))
    if bundle is None:
        return None
    bundle.tries += 1
    bundle.held_until = clock.now() + HELD
    session.flush()
    session.refresh(bundle)
    session.expunge(bundle)
    return bundle


def _give_back(session: Session, bundle: Bundle, *, stopped: bool) -> None:
    """Leave what is not made to others: at once where we were stopped, which is no try."""
    left = {
        "held_until": clock.now() + (timedelta() if stopped else PAUSE),
        "tries": bundle.tries - 1 if stopped else bundle.tries,
    }
    unmade = (*_held(bundle), Bundle.ready_at.is_(None))
    session.execute(update(Bundle).where(*unmade).values(left))


def _held(bundle: Bundle) -> tuple[ColumnElement[bool], ...]:
    """That it is there, and nobody else has begun with it since."""
    return Bundle.id == bundle.id, Bundle.tries == bundle.tries


def _forget(session: Session) -> None:
    """First the bundles: whoever adds a part holds its bundle, and now finds it no more."""
    forget(session, Bundle, _forgettable())
    of_none = ~exists().where(Bundle.id == BundlePart.bundle_id)
    session.execute(delete(BundlePart).where(of_none))


def _pdf_for_each(drawing: Drawing, database: Database, bundle: Bundle) -> Iterator[int]:
    """A part for each paper, each as of its own moment."""
    who, centre_no = Principal.from_claims(bundle.claims), bundle.centre_no
    for number, paper_id in list(enumerate(bundle.papers, 1))[bundle.done :]:
        with database.reading() as session:
            report = report_for(session, who, centre_no, paper_id)
        name = drawing.name(centre_no, report.paper, "pdf")
        part = BundlePart(
            bundle_id=bundle.id, number=number, name=name, content=drawing.one(report)
        )
        if not _note(database, bundle, number, part, ready=number == len(bundle.papers)):
            return
        yield number
    if not bundle.papers:
        _note(database, bundle, 0, ready=True)


def _one_pdf(drawing: Drawing, database: Database, bundle: Bundle) -> Iterator[int]:
    """One part, as of one moment: what is counted is the papers that are read."""
    who, reports = Principal.from_claims(bundle.claims), list[Report]()
    with database.reading() as session:
        for number, paper_id in enumerate(bundle.papers, 1):
            reports.append(report_for(session, who, bundle.centre_no, paper_id))
            if not _note(database, bundle, number):
                return
            yield number
    content = drawing.all(bundle.centre_no, reports)
    whole = BundlePart(bundle_id=bundle.id, number=1, name="", content=content)
    _note(database, bundle, len(reports), whole, ready=True)


def _note(
    database: Database,
    bundle: Bundle,
    done: int,
    part: BundlePart | None = None,
    *,
    ready: bool = False,
) -> bool:
    """How far it is, with what was made; False where nobody wants it any more."""
    now = clock.now()
    far = {"done": done, "held_until": now + HELD, "ready_at": now if ready else None}
    return database.run(partial(_keep, bundle=bundle, far=far, part=part))


def _keep(
    session: Session, bundle: Bundle, far: Mapping[str, object], part: BundlePart | None
) -> bool:
    wanted = (*_held(bundle), _in_time())
    if not session.scalar(update(Bundle).where(*wanted).values(far).returning(Bundle.id)):
        return False
    if part is not None:
        session.merge(part)
    return True
