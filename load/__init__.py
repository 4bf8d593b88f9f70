"""Plan, replay, verify: the only stage that talks to a target, and only to that one."""
