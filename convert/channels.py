"""Names of channels as people read them (in CSVs, in ticket events), and as the API writes them."""

_CHANNELS = {
    "web form": "web",
    "mail": "email",
    "e-mail": "email",
    "web service (api)": "api",
    "web service": "api",
    "web widget": "web_widget",
    "closed ticket": "closed_ticket",
    "help center": "help_center",
    "messaging": "native_messaging",
    "phone call (incoming)": "voice",
    "phone call (outgoing)": "voice",
    "phone call (outbound)": "voice",
    "voicemail": "voice",
    "internal communication": "internal_communication",
}


def channel_of(name: str) -> str:
    """`Web form` -> web. A name that is not known keeps its words."""
    folded = name.strip().casefold()
    return _CHANNELS.get(folded, folded.replace(" ", "_"))
