"""Coverage and siting as pure calculation: who reaches what, how a what-if changes it, where p facilities serve best."""
