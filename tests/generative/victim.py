"""A desk that hands over without pause until it is killed: `python victim.py DATABASE CASES STAYS`.

It says each act on a line of its own after the act is committed, and nothing before.
"""

import os
import sys


def work(cases_: list[int], stays_: list[int]) -> None:
    from datetime import timedelta

    from tests.little_city import T0
    from tongchou.cases import actions as cases
    from tongchou.cases.models import Case
    from tongchou.quarantine import actions as quarantine
    from tongchou.quarantine.models import Stay
    from tongchou.staff.models import User

    by, now = User.objects.get(username="qian"), T0 + timedelta(hours=9)
    print("ready", flush=True)
    for pk in cases_:
        case = Case.objects.select_related("passage").get(pk=pk)
        cases.verify(case=case, by=by, now=now)
        print(f"verified {pk}", flush=True)
    for pk in stays_:
        stay = Stay.objects.select_related("passage", "order").get(pk=pk)
        quarantine.move_home(stay=stay, by=by, now=now, reason="care")
        print(f"home {pk}", flush=True)
        quarantine.mark_ill(stay=stay, by=by, now=now)
        print(f"ill {pk}", flush=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongchou.site.testing"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    import django

    django.setup()
    work(*([int(key) for key in part.split(",") if key] for part in sys.argv[2:4]))
