"""`tongchou playbook check|show|diff`: read, check and compare playbooks. Never loads Django.

The table of verbs finds them in playbook_check, playbook_show and playbook_diff.

A playbook is named by its id (cn-2022-06) or by the path of a TOML file. What a file extends
is looked for beside the file, by id, and then among the shipped ones.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from tongchou import playbook
from tongchou.playbook import Change, Playbook, PlaybookError


def check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="default: all shipped playbooks")
    _language(parser)


def show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("playbook", metavar="ID", help="an id, or the path of a TOML file")
    _language(parser)


def diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="A", help="an id, or the path of a TOML file")
    parser.add_argument("after", metavar="B", help="an id, or the path of a TOML file")
    _language(parser)


def check(options: argparse.Namespace) -> int:
    """One line for each playbook, every fault of those that have one; 1 if any has."""
    zh, failed, n_rules = options.lang == "zh", 0, 0
    names = options.files or playbook.shipped()
    for name in names:
        try:
            book = find(name)
        except PlaybookError as bad:
            failed += 1
            _print_faults(bad, options.lang)
        else:
            n_rules += len(book.rules)
            print(_summary(book, options.lang))
    good = len(names) - failed
    if zh:
        print(f"{good} 个预案通过，{failed} 个有错误，共 {n_rules} 条规则")
    else:
        print(f"{good} sound, {failed} faulty, {n_rules} rules in all")
    return 1 if failed else 0


def show(options: argparse.Namespace) -> int:
    """The playbook in words; 1 if it is faulty or not there."""
    try:
        book = find(options.playbook)
    except PlaybookError as bad:
        return _print_faults(bad, options.lang)
    print(book.as_words(options.lang), end="")
    return 0


def diff(options: argparse.Namespace) -> int:
    """What changes, section by section and in words; 1 only if one of the two is faulty."""
    try:
        before, after = find(options.before), find(options.after)
    except PlaybookError as bad:
        return _print_faults(bad, options.lang)
    print("\n".join(_comparison(before, after, options.lang)))
    return 0


def find(name: str) -> Playbook:
    """The playbook of an id or in a file. Raises PlaybookError where there is none."""
    if not (name.endswith(".toml") or os.sep in name):
        return playbook.load(name)
    file = Path(name)
    own = playbook.id_in(file)
    siblings = [(playbook.id_in(other), other) for other in sorted(file.parent.glob("*.toml"))]
    # Of two files with one id, such as a draft and its copy, the one named after it counts.
    siblings.sort(key=lambda each: each[0] == each[1].stem)
    return playbook.Shelf({**dict(siblings), own: file}, beyond=playbook.load).load(own)


def _summary(book: Playbook, lang: str) -> str:
    labels = Counter(rule.truth for rule in book.rules.values())
    shares = [f"{playbook.truth_name(label, lang)} {n}" for label, n in labels.most_common()]
    if lang == "zh":
        return f"{book.id}  {book.title.zh}：{len(book.rules)} 条规则（{'，'.join(shares)}）"
    return f"{book.id}  {book.title.en}: {len(book.rules)} rules ({', '.join(shares)})"


def _comparison(before: Playbook, after: Playbook, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    changes = playbook.difference(before, after)
    yield f"{before.title.of(lang)} ({before.id}) → {after.title.of(lang)} ({after.id})"
    if not changes:
        yield "两个预案的规则完全相同。" if zh else "The two rule alike."
        return
    ruled = [change for change in changes if not change.only_provenance]
    for section, group in groupby(ruled, key=lambda change: change.path.partition(".")[0]):
        yield f"\n{playbook.section_name(section, lang)}"
        yield from (f"  {change.words(lang)}" for change in group)
    moved = [change for change in changes if change.only_provenance]
    yield from _moved_sources(moved, lang, before.titles(lang) | after.titles(lang))
    count = len(ruled)
    yield f"\n共 {count} 处改变" if zh else f"\n{count} change{'' if count == 1 else 's'}"


def _moved_sources(
    changes: Sequence[Change], lang: str, titles: Mapping[str, str]
) -> Iterator[str]:
    if changes:
        yield "\n规定不变，依据改变" if lang == "zh" else "\nSame rule, other source"
        yield from (
            f"  {playbook.rule_name(change.path, lang, change.after, titles)}" for change in changes
        )


def _print_faults(bad: PlaybookError, lang: str) -> int:
    for fault in bad.faults:
        print(fault.as_words(lang), file=sys.stderr)
    return 1


def _language(parser: argparse.ArgumentParser) -> None:
    spoken = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    parser.add_argument(
        "--lang",
        choices=("zh", "en"),
        default="zh" if spoken.startswith("zh") else "en",
        help="language of the answer (default: that of the terminal)",
    )
