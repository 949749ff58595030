"""The command desk: tempo of an area, the gap board, the room everybody looks at, the playbook."""
