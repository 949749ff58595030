"""Processor time of this process and of the workers that joblib started, on a shared machine.

Wall time hangs on who else is at work; seconds of CPU hardly do.
"""

import resource

__all__ = ["cpu_of_workers"]


def cpu_of_workers() -> float:
    """Seconds of CPU so far. Ends the workers: only of ended ones does the system tell the time."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)
    own, ended = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime
