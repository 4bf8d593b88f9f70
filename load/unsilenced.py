"""Which calls could make Intercom write to a customer or ring a teammate: there must be none in any plan."""

from .action import Action

_ALWAYS = "/messages"  # it is a mail or a message by nature


def is_unsilenced(action: Action) -> bool:
    """The call does not keep Intercom from telling somebody although it could.

    Replies by admins and everything about tickets take `skip_notifications`; a close, an assignment or a
    snooze is silent as long as it has no text; what a contact says, Intercom tells no customer.
    """
    if action.path == _ALWAYS:
        return True
    if action.path.endswith("/parts"):
        return bool(action.payload.get("body"))
    reply = action.path.endswith("/reply") and action.payload.get("type") == "admin"
    ticket = action.path == "/tickets" or (action.path.startswith("/tickets/") and action.method == "PUT")
    return (reply or ticket) and action.payload.get("skip_notifications") is not True
