"""The errors of Sanshi: what is malformed, missing, refused or impossible.

A business "no" is never an error: it is a value with reasons (see `reasons`).

    SanshiError
    ├── InputError       the request or file is malformed; names the field and the fix
    │   └── PackError    the same in a pack file, with file and line
    ├── NotFoundError    the named object does not exist for this caller
    ├── ConflictError    the object changed, or the key was used for something else
    ├── ForbiddenError   the caller's role may not do this
    ├── UnavailableError an outside system gave no usable answer; safe to try again
    └── ImpossibleError  an invariant broke: a fault of ours, never of the caller
"""

from __future__ import annotations


class SanshiError(Exception):
    """Base of every error that Sanshi raises on purpose.

    Args:
        code: stable, dotted, lower case: `quote.expired`.
        message: one plain sentence.
        field: the field at fault, as the caller wrote it.
        fix: what the caller can do about it.
    """

    status = 500

    def __init__(self, code: str, message: str, *, field: str = "", fix: str = "") -> None:
        """Keep the four parts for problem+json and the CLI."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.fix = fix

    def __str__(self) -> str:
        """Say code, field, message and fix in one line."""
        where = f" [{self.field}]" if self.field else ""
        fix = f" Fix: {self.fix}" if self.fix else ""
        return f"{self.code}{where}: {self.message}{fix}"

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a trip between processes with every part."""
        return _rebuild, (type(self), dict(self.__dict__))


def _rebuild(kind: type[SanshiError], parts: dict[str, str]) -> SanshiError:
    error = kind.__new__(kind)
    Exception.__init__(error, parts.get("message", ""))
    error.__dict__.update(parts)
    return error


class InputError(SanshiError):
    """What was sent is malformed or out of range."""

    status = 422


class PackError(InputError):
    """A pack file is malformed; names file and line."""

    def __init__(
        self, code: str, message: str, *, file: str, line: int, field: str = "", fix: str = ""
    ) -> None:
        """Keep the place in the file as well."""
        super().__init__(code, message, field=field, fix=fix)
        self.file = file
        self.line = line

    def __str__(self) -> str:
        """Start with file:line, as editors expect."""
        return f"{self.file}:{self.line}: {super().__str__()}"


class NotFoundError(SanshiError):
    """The named object does not exist, or not for this caller."""

    status = 404


class ConflictError(SanshiError):
    """The object has changed since it was read, or a key was used for something else."""

    status = 409


class ForbiddenError(SanshiError):
    """The caller's role may not do this."""

    status = 403


class UnavailableError(SanshiError):
    """An outside system gave no usable answer in time; trying again is safe."""

    status = 503


class ImpossibleError(SanshiError):
    """An invariant broke: a fault of ours, never of the caller."""

    status = 500
