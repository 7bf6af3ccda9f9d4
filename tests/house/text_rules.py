"""Rules on every text file: nothing of one machine, of one registry, of one account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from house.house import Finding, Rule, Source, everywhere

_MACHINE = re.compile(r"(?<![\w.-])(/(?:work|root|tmp|opt)/[\w.]|/(?:home|Users)/\w|[A-Z]:\\Users)")
_REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|npmjs\.(?:org|com)|npmmirror|mirrors?\.(?:aliyun|tuna|cloud|ustc)"
    r"|(?<!emit-)index-url|extra-index|find-links|trusted-host|\"resolved\"",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[opsu]_[A-Za-z0-9]{36}\b"
    r"|\bglpat-[\w-]{20}|\bxox[abpr]-[\w-]{10}|\bsk-[A-Za-z0-9]{20}|://[^/\s:@{]+:[^/\s@{]+@\w"
)
_CONFLICT = re.compile(r"(?m)^(?:<{7}|>{7}) ")


def _lines(pattern: re.Pattern[str], source: Source, what: str) -> Iterator[Finding]:
    for match in pattern.finditer(source.text):
        line = source.text.count("\n", 0, match.start()) + 1
        yield line, f"{what}: {match.group(0)!r}"


def names_no_machine_path(source: Source) -> Iterator[Finding]:
    yield from _lines(_MACHINE, source, "a path of one machine")


def names_no_registry(source: Source) -> Iterator[Finding]:
    if source.path != "tests/house/text_rules.py":
        yield from _lines(_REGISTRY, source, "a registry address belongs in the user's settings")


def holds_no_secret(source: Source) -> Iterator[Finding]:
    yield from _lines(_SECRET, source, "this looks like a secret")


def has_no_conflict_mark(source: Source) -> Iterator[Finding]:
    yield from _lines(_CONFLICT, source, "an unresolved merge")


def in_packs(source: Source) -> bool:
    return source.path.startswith("packs/")


def packs_are_data(source: Source) -> Iterator[Finding]:
    if not source.path.endswith((".yaml", ".md", ".txt", ".csv")):
        yield 1, "packs hold data only: .yaml, .csv, .txt, .md"
    elif "!!python" in source.text:
        yield 1, "a YAML tag that builds Python objects"


RULES = (
    Rule(
        names_no_machine_path,
        everywhere,
        bad=(
            ("docs/a.md", "see /" + "home/me/x"),
            ("Makefile", "x = /" + "tmp/x"),
            ("src/sanshi/a.py", "'/" + "root/.cache'"),
        ),
        good=(("docs/a.md", "a client/work/file, /usr/bin/chromium, https://a.cn/home/x"),),
    ),
    Rule(
        names_no_registry,
        everywhere,
        bad=(
            ("constraints.txt", "--index-" + "url x"),
            ("frontend/package-lock.json", '{"reso' + 'lved": "x"}'),
            ("docs/a.md", "https://py" + "pi.org/simple"),
        ),
        good=(("docs/a.md", "from PyPI or npm"),),
    ),
    Rule(
        holds_no_secret,
        everywhere,
        bad=(
            ("a.pem", "-----BEGIN EC PRIVATE" + " KEY-----"),
            ("a.txt", "AKIA" + "A" * 16),
            ("a.txt", "postgresql://me:" + "hunter2@db"),
        ),
        good=(("a.txt", "postgresql://me@db, sk-short, https://a.cn:443/x, https://{u}:{p}@h"),),
    ),
    Rule(
        has_no_conflict_mark,
        everywhere,
        bad=(("a.txt", "x\n" + "<" * 7 + " HEAD\n"),),
        good=(("a.txt", "x\n=======\n"),),
    ),
    Rule(
        packs_are_data,
        in_packs,
        bad=(("packs/demo/a.py", "x = 1"), ("packs/demo/a.yaml", "!!python/object:os.system")),
        good=(("packs/demo/a.yaml", "x: 1"), ("src/sanshi/a.py", "x = 1")),
    ),
)
