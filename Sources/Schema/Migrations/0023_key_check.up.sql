-- One value that the first process of the installation has sealed. Whoever cannot open it has other keys than those that
-- the secrets here are sealed with. Not of the type `sealed`, since it is nobody's: KeyCheck.swift seals it anew itself.
CREATE TABLE key_check (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    value   bytea NOT NULL
);

CALL open_to_backup();
