"""The data hub: records, tags, rules over them, ledgers, imports and exports."""
