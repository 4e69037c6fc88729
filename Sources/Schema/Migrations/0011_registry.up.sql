-- What a student has bought, and how much of it upcoming sessions hold.
CREATE TABLE contracts (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    student_user_id uuid NOT NULL,
    title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    starts_on       date NOT NULL DEFAULT current_date,
    ends_on         date,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    CHECK (ends_on >= starts_on),
    FOREIGN KEY (organization_id, student_user_id) REFERENCES memberships
);
CREATE INDEX contracts_student_user_id_idx ON contracts (student_user_id);

CREATE TABLE contract_entitlements (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    contract_id     uuid NOT NULL,
    student_user_id uuid NOT NULL,
    -- And the kinds of session: check_session_kinds() adds those.
    service_type    text NOT NULL CHECK (service_type IN ('resume', 'recommendation_letter')),
    unit_type       text NOT NULL CHECK (unit_type IN ('hour', 'count')),
    total           numeric(10, 2) NOT NULL CHECK (total > 0),
    held            numeric(10, 2) NOT NULL DEFAULT 0 CHECK (held >= 0),
    consumed        numeric(10, 2) NOT NULL DEFAULT 0 CHECK (consumed >= 0),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    CONSTRAINT entitlement_not_overdrawn CHECK (held + consumed <= total),
    FOREIGN KEY (organization_id, contract_id) REFERENCES contracts (organization_id, id)
)
-- Held and consumed change with every booking; a page with room keeps those updates off the index.
WITH (fillfactor = 50);
CREATE INDEX contract_entitlements_student_idx ON contract_entitlements (student_user_id, service_type);

CREATE TABLE service_holds (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    entitlement_id  uuid NOT NULL,
    session_id      uuid NOT NULL,
    units           numeric(10, 2) NOT NULL CHECK (units > 0),
    status          text NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'consumed', 'released')),
    released_reason text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CHECK ((released_reason IS NOT NULL) = (status = 'released')),
    FOREIGN KEY (organization_id, entitlement_id) REFERENCES contract_entitlements (organization_id, id)
);
CREATE INDEX service_holds_session_id_idx ON service_holds (session_id);

CALL protect('contracts');
CALL protect('contract_entitlements');
CALL protect('service_holds');

CALL audited('contracts', 'contract');
-- Held and consumed are sums over bookings, and every booking has an entry of its own.
CALL audited('contract_entitlements', 'entitlement', ignored => '{held,consumed}');

CALL open_to_backup();
