"""Reading pack folders: every error with file, line, field and fix, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from sanshi.catalogue.checks import Path as Place
from sanshi.catalogue.checks import Problem, fact_problems, instrument_problems, rule_problems
from sanshi.catalogue.packed import Packed
from sanshi.catalogue.packs import KINDS, FileKind, Library, Manifest, Pack
from sanshi.catalogue.report import PackReport, summarise
from sanshi.kernel.errors import PackError
from sanshi.ledger.accounts import Account, Legs, flaws
from sanshi.store.marked_yaml import Document, dotted, read_document

__all__ = [
    "DEFAULT_PACKS",
    "MANIFEST",
    "Document",
    "Reading",
    "chart_parts",
    "check",
    "dotted",
    "load_packs",
    "packs_root",
    "read_document",
    "read_packs",
]

MANIFEST = "pack.yaml"
DEFAULT_PACKS = ("china", "shanghai")


def packs_root() -> Path:
    """Return the folder of the packs that come with Sanshi, installed or in a checkout."""
    installed = Path(str(files("sanshi"))) / "packs"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "packs"


@dataclass(slots=True)
class Reading:
    """Packs as far as they could be read, and everything that is wrong with them."""

    packs: list[Pack] = field(default_factory=list)
    errors: list[PackError] = field(default_factory=list)


def load_packs(folders: Iterable[Path], kinds: Sequence[FileKind] = KINDS) -> Library:
    """Read packs that belong together; raise all their PackErrors in one ExceptionGroup."""
    reading = read_packs(folders, kinds)
    if reading.errors:
        raise ExceptionGroup("The packs have errors.", reading.errors)
    return Library(tuple(reading.packs))


def read_packs(folders: Iterable[Path], kinds: Sequence[FileKind] = KINDS) -> Reading:
    """Read packs that belong together and check them as a whole, collecting every error."""
    return _Reader(kinds).read(folders)


def chart_parts(library: Library) -> tuple[dict[str, Account], dict[str, Legs]]:
    """Return what the packs say of the chart of accounts, as the ledger takes it."""
    accounts = {
        name: Account(one.normal, one.account_class, one.zh, one.en)
        for name, one in library.accounts.items()
    }
    return accounts, {name: (one.debit, one.credit) for name, one in library.legs.items()}


@dataclass(frozen=True, slots=True)
class _Origin:
    document: Document
    place: Place


@dataclass(slots=True)
class _Reader:
    kinds: Sequence[FileKind]
    errors: list[PackError] = field(default_factory=list)
    origins: dict[tuple[str, str], _Origin] = field(default_factory=dict)

    def read(self, folders: Iterable[Path]) -> Reading:
        packs = [pack for folder in folders if (pack := self._pack(folder)) is not None]
        self._check(Library(tuple(packs)))
        self.errors.sort(key=lambda error: (error.file, error.line, error.field))
        return Reading(packs, self.errors)

    def _pack(self, folder: Path) -> Pack | None:
        manifest = self._manifest(folder)
        known: set[Path] = {folder / MANIFEST}
        lists: dict[str, tuple[Packed, ...]] = {}
        for kind in self.kinds:
            paths = sorted(folder.glob(kind.pattern))
            known.update(paths)
            found = [item for path in paths for item in self._file(path, folder, kind)]
            lists[kind.key] = (*lists.get(kind.key, ()), *found)
        self._strangers(folder, known)
        return None if manifest is None else _assemble(manifest, lists)

    def _manifest(self, folder: Path) -> Manifest | None:
        path = folder / MANIFEST
        name = f"{folder.name}/{MANIFEST}"
        if not path.is_file():
            self.errors.append(
                PackError(
                    "pack.no_manifest",
                    "A pack starts with a file pack.yaml.",
                    file=name,
                    line=1,
                    fix="Add pack.yaml with id, zh, en and checked_on.",
                )
            )
            return None
        document = self._document(path, name)
        if document is None:
            return None
        made = self._made(Manifest, document, ())
        return made if isinstance(made, Manifest) else None

    def _strangers(self, folder: Path, known: set[Path]) -> None:
        for path in sorted(folder.rglob("*.y*ml")):
            if path not in known:
                self.errors.append(
                    PackError(
                        "pack.unknown_file",
                        "No kind of pack file has this place.",
                        file=f"{folder.name}/{path.relative_to(folder)}",
                        line=1,
                        fix=f"Places: {', '.join(kind.pattern for kind in self.kinds)}.",
                    )
                )

    def _document(self, path: Path, name: str) -> Document | None:
        try:
            return read_document(path, name)
        except PackError as error:
            self.errors.append(error)
            return None

    def _file(self, path: Path, folder: Path, kind: FileKind) -> Iterator[Packed]:
        document = self._document(path, f"{folder.name}/{path.relative_to(folder)}")
        if document is None:
            return
        content = document.content
        items = content.get(kind.key) if isinstance(content, dict) else None
        strange = [key for key in content if key != kind.key] if isinstance(content, dict) else []
        if not isinstance(items, tuple) or strange:
            self._add(
                document,
                (strange[0],) if strange else (),
                "pack.file_shape",
                f"This file should hold one list under {kind.key!r}.",
                f"Start it with `{kind.key}:` and list the entries below.",
            )
            return
        for index in range(len(items)):
            made = self._item(document, kind, index)
            if made is not None:
                yield made

    def _item(self, document: Document, kind: FileKind, index: int) -> Packed | None:
        place: Place = (kind.key, index)
        raw = cast("dict[str, tuple[object, ...]]", document.content)[kind.key][index]
        name = raw.get(kind.id_field) if isinstance(raw, dict) else None
        if isinstance(name, str):
            earlier = self.origins.get((kind.key, name))
            if earlier is not None:
                self._add(
                    document,
                    (*place, kind.id_field),
                    "pack.duplicate",
                    f"{name!r} is already defined in {earlier.document.file}:"
                    f"{earlier.document.line(earlier.place)}.",
                    "Keep one of the two, or merge them.",
                )
            else:
                self.origins[kind.key, name] = _Origin(document, place)
        return self._made(kind.model, document, place)

    def _made(self, model: type[Packed], document: Document, place: Place) -> Packed | None:
        raw = document.content
        for step in place:
            raw = cast("dict[object, object]", raw)[step]
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                self._add(
                    document,
                    (*place, *one["loc"]),
                    "pack.field",
                    f"{one['msg']}.",
                    _fix(one["type"], one.get("ctx", {})),
                )
            return None

    def _add(self, document: Document, place: Place, code: str, message: str, fix: str) -> None:
        self.errors.append(
            PackError(
                code,
                message,
                file=document.file,
                line=document.line(place),
                field=dotted(place),
                fix=fix,
            )
        )

    def _check(self, library: Library) -> None:
        declared = {name for kind, name in self.origins if kind == "facts"}
        named = {name for kind, name in self.origins if kind == "instruments"}
        codes = {name for kind, name in self.origins if kind == "reasons"}
        for pack in library.packs:
            for item in pack.instruments:
                self._note("instruments", item.id, instrument_problems(item))
            for fact in pack.facts:
                self._note("facts", fact.key, fact_problems(fact, named))
            for rule in pack.rules:
                self._note("rules", rule.id, rule_problems(rule, library.facts, codes, declared))
        self._check_chart(library)

    def _check_chart(self, library: Library) -> None:
        """Check the chart of accounts, if these packs hold one all of whose fields are right."""
        accounts, legs = chart_parts(library)
        named = {one for one in self.origins if one[0] in {"accounts", "legs"}}
        read = {("accounts", name) for name in accounts} | {("legs", name) for name in legs}
        if not named or named != read:
            return
        for flaw in flaws(accounts, legs):
            origin = self.origins.get((flaw.where, flaw.name))
            problem = Problem(flaw.code, flaw.message, (flaw.field,), flaw.fix)
            if origin is not None:
                self._note(flaw.where, flaw.name, [problem])
            else:
                file = self._any_of(flaw.where)
                self._add(file, (flaw.where,), flaw.code, flaw.message, flaw.fix)

    def _any_of(self, kind: str) -> Document:
        """Return a file of a kind, or of the chart's other kind."""
        known = ((own, origin) for (own, _), origin in self.origins.items())
        charted = [(own != kind, origin) for own, origin in known if own in {"accounts", "legs"}]
        return min(charted, key=lambda one: one[0])[1].document

    def _note(self, kind: str, name: str, problems: Iterable[Problem]) -> None:
        origin = self.origins[kind, name]
        for problem in problems:
            self._add(
                origin.document,
                (*origin.place, *problem.path),
                problem.code,
                problem.message,
                problem.fix,
            )


def _assemble(manifest: Manifest, lists: Mapping[str, tuple[Packed, ...]]) -> Pack:
    own = {kind.key for kind in KINDS}
    return Pack(
        manifest=manifest,
        **{key: items for key, items in lists.items() if key in own},  # type: ignore[arg-type] # FileKind pairs key and model
        more={key: items for key, items in lists.items() if key not in own},
    )


_FIXES: Mapping[str, str] = {
    "missing": "Add the field.",
    "extra_forbidden": "Remove it, or correct its spelling.",
    "string_type": "Write text; put quotes around figures that are meant as text.",
    "bool_type": "Write true or false.",
    "date_type": "Write YYYY-MM-DD without quotes.",
    "tuple_type": "Write a list: one `- entry` per line.",
    "dict_type": "Write `name: value` pairs.",
    "mapping_type": "Write `name: value` pairs.",
}


def _fix(kind: str, context: Mapping[str, object]) -> str:
    if "expected" in context:
        return f"Use {context['expected']}."
    if "pattern" in context:
        return f"It must match {context['pattern']}."
    return _FIXES.get(kind, "Correct the value.")


def check(folders: Iterable[Path], kinds: Sequence[FileKind] = KINDS) -> PackReport:
    """Read and check packs; the report counts what they hold and lists every error."""
    reading = read_packs(folders, kinds)
    return summarise(reading.packs, reading.errors)
