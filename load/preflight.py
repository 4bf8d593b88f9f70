"""What is looked at before the first call of a run: whether the target is what the plan was made for."""

from datetime import UTC, datetime

from deskferry.schemas.errors import InputError

from .backlog import Backlog
from .drift import require_no_drift
from .execute import Executor
from .ledger import Ledger
from .manner import Manner
from .own_ledger import require_own_ledger
from .plan_file import Plan
from .references import resolver
from .scopes import name_missing
from .target import Target
from .ticket_ids import TicketIds
from .workspace import take_snapshot
from .workspace_tickets import read_ticket_types


def preflight(plan: Plan, ledger: Ledger, backlog: Backlog, *, target: Target, manner: Manner) -> Executor:
    """The first calls of a run: whether it is the workspace the plan was made for, as it was then."""
    client = target.client()
    now = datetime.fromtimestamp(manner.clock(), UTC)
    try:
        live = take_snapshot(client, now=now, patience=manner.patience)
    except InputError as error:
        raise name_missing(client, error) if client.heard else error from None
    target.require_workspace(live)
    require_no_drift(plan.meta, live, made=backlog.setup_done())
    if not manner.new_ledger:
        require_own_ledger(client, backlog, live, ledger=ledger.path, patience=manner.patience)
    ledger.note("target", target.name)
    tickets = TicketIds(
        live.get("ticket_types", ()), reread=lambda: read_ticket_types(client, manner.patience)
    )
    return Executor(
        client,
        ledger,
        plan_digest=plan.digest,
        live=live,
        resolve=resolver(ledger, live, tickets=tickets),
        tickets=tickets,
        patience=manner.patience,
        clock=manner.clock,
        revive=plan.mapping.choice("people", "archived") == "revive",
        first=backlog.is_new() and not manner.new_ledger,
    )
