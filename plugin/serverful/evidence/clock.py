"""Functions that a schedule starts: which schedules those are, and whether their names say that the work needs a clock.

Reports, clean-ups, backups and the like happen at an hour, not because something has arrived. Names are all that tells it, so they only
ever make us silent.
"""

from __future__ import annotations

from serverful.estate.callers import callers_of
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.model import Function, Invocation
from serverful.estate.value import Known
from serverful.evidence.words import word_set, words

SCHEDULE = "EventBridge schedule"

_BY_THE_CLOCK = word_set(
    """
    ALARM ALERT ALERTS AGGREGATE AGGREGATOR ARCHIVE ARCHIVER AUDIT BACKUP BACKUPS BATCH BENCHMARK BILLING CANARY CHECK CHECKER CHECKS CLEAN
    CLEANER CLEANUP COMPACT COMPACTION COMPLIANCE CRAWL CRAWLER DAILY DELETE DELETER DELETION DIGEST EXPIRE EXPIRED EXPIRY EXPORT EXPORTER
    GC HEALTH HEALTHCHECK HEARTBEAT HOURLY HOUSEKEEPING INVENTORY INVOICE INVOICES KEEPALIVE MAINTENANCE METRIC METRICS MONITOR MONITORING
    MONTHLY NIGHTLY PING PRUNE PRUNER PURGE PURGER REAPER RECONCILE REFRESH REMINDER REMINDERS REMOVE REPORT REPORTER REPORTING REPORTS
    RETENTION ROTATE ROTATION SCALER SCRAPE SCRAPER SNAPSHOT SNAPSHOTS STATISTICS STATS STATUS SUMMARY SWEEP SWEEPER SYNTHETIC TRUNCATE
    VACUUM WARM WARMER WARMUP WEEKLY YEARLY
    """
)


def schedules_of(function: Function, estate: Estate) -> tuple[Invocation, ...]:
    """The schedules that certainly start a function, where it exists."""
    return tuple(
        call
        for call in callers_of(function, estate)
        if call.service == SCHEDULE and call.callee.unknown is None and doubt(call.exists, function.exists) is None
    )


def work_by_the_clock(function: Function, estate: Estate) -> str:
    """A word in the names of a function, its handler or its schedules that speaks of work by the clock; "" for none."""
    names = [function.address, *(call.by for call in schedules_of(function, estate))]
    names += [value.value for value in (function.name, function.handler) if isinstance(value, Known) and value.value]
    names += [call.source.target or call.source.expression for call in schedules_of(function, estate) if call.source is not None]
    return next((word for name in names for word in words(name) if word in _BY_THE_CLOCK), "")
