"""Who may do what: partners, accounts, roles, the viewer, the gate and personal links."""
