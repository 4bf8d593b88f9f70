"""Which Zendesk account an export is of. Two in one input are refused: ids of both would be mixed."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from deskferry.schemas.errors import InputError, RefusedError

from .parts import READ
from .sniff import Form
from .source_bytes import mapped
from .sources import Source

_URL = re.compile(
    rb'"url"\s*:\s*"https?:\\?/\\?/([a-zA-Z0-9][a-zA-Z0-9-]*)\.zendesk(?:-[a-z]+)?\.com\\?/api\\?/'
)
_IN_XML = re.compile(
    rb"<subdomain[^<>]*>\s*([a-zA-Z0-9][a-zA-Z0-9-]*)\s*<"
    rb"|<url[^<>]*>\s*https?://([a-zA-Z0-9][a-zA-Z0-9-]*)\.zendesk(?:-[a-z]+)?\.com/api/"
)
_NAME = re.compile(r"([a-z0-9][a-z0-9-]*)(?:\.zendesk\.com)?")
_HEAD = 1 << 18
_NUMBERS = {2: "two", 3: "three", 4: "four"}


def same_accounts(pairs: Mapping[str, str]) -> dict[str, str]:
    """Old name -> the name the account has now, through several renamings. InputError for what is no name.

    pairs: as given, old -> new.
    """
    renamed = {_subdomain(old): _subdomain(new) for old, new in pairs.items()}
    last: dict[str, str] = {}
    for old in renamed:
        name, seen = old, {old}
        while name in renamed:
            name = renamed[name]
            if name in seen:
                raise InputError(f"account {old} is renamed to itself", todo="Mend --same-account OLD=NEW")
            seen.add(name)
        last[old] = name
    return last


def _subdomain(name: str) -> str:
    found = _NAME.fullmatch(name.strip().lower())
    if not found:
        raise InputError(
            f"not the name of a Zendesk account: {name!r}", todo="Give the subdomain, as in --account acme"
        )
    return found[1]


def account_in(source: Source, *, whole: bool = False) -> str | None:
    """The subdomain that the first API address, or an account's record, names near the start of a file.

    whole: look at all of it.
    """
    if source.form not in READ or source.size == 0:
        return None
    with mapped(source) as text:
        pattern = _IN_XML if source.form == Form.XML else _URL
        match = pattern.search(text, 0, source.size if whole else _HEAD)
        return text[slice(*match.span(match.lastindex or 1))].decode().lower() if match else None


def choose(
    sources: Sequence[Source], *, account: str | None, same: Mapping[str, str]
) -> tuple[list[Source], str | None]:
    """The sources, those of other accounts marked, and the account. RefusedError for two without `account`.

    same: from `same_accounts`. A file that names the chosen account anywhere is read. One that names none
    belongs, where there are several, to the account that its folder names; RefusedError if that is not one.
    """
    of = {source.index: _today(account_in(source), same) for source in sources}
    named = Counter(name for name in of.values() if name)
    if account is None:
        refuse_several(named, {name: [s.name for s in sources if of[s.index] == name] for name in named})
        return list(sources), next(iter(named), None)
    account = str(_today(_subdomain(account), same))
    known_as = [account, *(old for old, new in same.items() if new == account)]
    several = len({*named, account}) > 1
    if several:
        of = {s.index: of[s.index] or _today(account_in(s, whole=True), same) for s in sources}
    mixed = {s.index for s in sources if of[s.index] not in (None, account) and _names(s, known_as)}
    if named and not named[account] and not mixed:
        known = ", ".join(sorted(named))
        raise InputError(
            f"no file of account {account} here; found: {known}", todo=f"Use --account {min(named)}"
        )
    if several:
        of = _of_folders(sources, of, dict.fromkeys(mixed, account))
    others = {s.index for s in sources if of[s.index] not in (None, account)} - mixed
    return [_left_out(s, str(of[s.index])) if s.index in others else s for s in sources], account


def _left_out(source: Source, account: str) -> Source:
    return replace(source, form=Form.OTHER_ACCOUNT, note=f"of account {account}; not read")


def _of_folders(
    sources: Sequence[Source], of: Mapping[int, str | None], mixed: Mapping[int, str]
) -> dict[int, str | None]:
    """`of`, and for files that name no account the one that the nearest folder or zip around them names.

    What lies right beside a file counts before what lies deeper. mixed: further accounts that files name.
    """
    found = dict(of)
    beside: defaultdict[PurePosixPath, set[str]] = defaultdict(set)
    below: defaultdict[PurePosixPath, set[str]] = defaultdict(set)
    for source in sources:
        if names := {name for name in (of[source.index], mixed.get(source.index)) if name}:
            around = _place(source).parents
            beside[around[0]] |= names
            for folder in around:
                below[folder] |= names
    untold = []
    for source in sources:
        if found[source.index] is None and source.form in READ and source.size:
            named = (beside.get(at) or below.get(at) for at in _place(source).parents)
            here: set[str] = next(filter(None, named), set())
            if len(here) == 1:
                found[source.index] = min(here)
            else:
                untold.append(source.name)
    _refuse_untold(sorted(untold))
    return found


def _place(source: Source) -> PurePosixPath:
    return PurePosixPath(source.given) / source.name


def _refuse_untold(names: Sequence[str]) -> None:
    if not names:
        return
    listing = "\n".join(f"  {name}" for name in names[:3])
    what = "1 file names" if len(names) == 1 else f"{len(names):,} files name"
    raise RefusedError(
        f"{what} no account, and the files beside them do not tell one\n{listing}\nNothing was written",
        todo="Point at the folder of one account, or put the files of each into a folder of their own",
    )


def _today(account: str | None, same: Mapping[str, str]) -> str | None:
    return None if account is None else same.get(account, account)


def _names(source: Source, accounts: Iterable[str]) -> bool:
    any_of = b"|".join(re.escape(account.encode()) for account in accounts)
    address = rb'"url"\s*:\s*"https?:\\?/\\?/(?:' + any_of + rb")\.zendesk[.-]"
    address += rb"|<url[^<>]*>\s*https?://(?:" + any_of + rb")\.zendesk[.-]"
    address += rb"|<subdomain[^<>]*>\s*(?:" + any_of + rb")\s*<"
    with mapped(source) as text:
        return re.search(address, text, re.IGNORECASE) is not None


def refuse_several(named: Mapping[str, int], files: Mapping[str, Iterable[str]]) -> None:
    """Raise RefusedError when more than one account is named. named: subdomain -> number of files."""
    if len(named) < 2:
        return
    order = sorted(named, key=lambda name: (-named[name], name))
    width = max(map(len, order))
    lines = []
    for name in order:
        count = named[name]
        examples = sorted(files.get(name, ()))
        shown = f"   {examples[0]}" if count == 1 and examples else ""
        lines.append(f"  {name:<{width}}  {count} file{'s' if count != 1 else ''}{shown}")
    listing = "\n".join(lines)
    first, second = sorted(order[:2])
    pair = f"{first}={second} or {second}={first}"
    number = _NUMBERS.get(len(order), str(len(order)))
    raise RefusedError(
        f"{number} Zendesk accounts in one input\n{listing}\nNothing was written",
        todo=f"Add --account {order[0]}, or --same-account {pair} if one was renamed (OLD=NEW)",
    )
