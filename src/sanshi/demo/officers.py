"""Officers of a demo lender（虚构）: accounts of the workbench for whoever tries things out."""

from __future__ import annotations

from dataclasses import dataclass

from sanshi.flows.perform import perform
from sanshi.flows.staff import ADD_ACCOUNT
from sanshi.flows.world import Actor, Role, World

LENDER = "shenpu_bank"
SYSTEM = Actor("sandbox", "system")
_PASSWORD_CHARS = 16


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody on the desk; `zh` and `en` say what they do."""

    user_name: str
    display_name: str
    roles: tuple[Role, ...]
    zh: str
    en: str


OFFICERS = (
    Officer(
        "chen.yi",
        "陈一（虚构）",
        ("servicing", "conduct"),
        "贷后和消费者保护：借据、分录、案件、日终",
        "servicing and conduct: loans, postings, cases, the close",
    ),
    Officer(
        "lu.er",
        "陆二（虚构）",
        ("servicing", "risk", "admin"),
        "贷后、审批和管理：复核陈一和方三提交的事项，看决策为什么",
        "servicing, risk, administration: checks what others propose, sees why decisions fell",
    ),
    Officer(
        "fang.san",
        "方三（虚构）",
        ("audit", "admin"),
        "审计和管理：谁看过谁的资料，账户和密钥",
        "audit and administration: who looked at whose data, accounts and keys",
    ),
)


def password_of(world: World, officer: Officer) -> str:
    """Return a sandbox's password for an officer: it follows from the keys, and is kept nowhere."""
    digits = world.keys.blind("sandbox_password", officer.user_name)[:_PASSWORD_CHARS]
    return "-".join(digits[at : at + 4] for at in range(0, _PASSWORD_CHARS, 4))


def engage(world: World) -> None:
    """Open the officers' accounts that are not there yet."""
    for officer in OFFICERS:
        if world.store.row("staff_account", user_name=officer.user_name) is None:
            request = {
                "entity": LENDER,
                "user_name": officer.user_name,
                "display_name": officer.display_name,
                "roles": officer.roles,
                "password": password_of(world, officer),
                "must_change": False,
            }
            perform(world, SYSTEM, ADD_ACCOUNT, request)
