"""The only writers of this room, by topic: `actions.meetings`, `decisions`, `drafts`, `issuing`,
`duty`, `handing`."""
