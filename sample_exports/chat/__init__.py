"""What stands beside tickets: chats, calls, side conversations, suspended mails."""
