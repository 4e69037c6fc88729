-- How often something may be tried.

-- Takes one attempt out of a bucket of `capacity`, into which one comes back every `refill`.
-- Returns 0, or how many seconds to wait when it is empty.
CREATE OR REPLACE FUNCTION spend(wanted text, capacity int, refill interval, at timestamptz) RETURNS double precision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pace double precision := extract(epoch FROM refill);
    had double precision;
BEGIN
    INSERT INTO rate_limits AS r (bucket, level, filled_at) VALUES (wanted, capacity, at)
    ON CONFLICT (bucket) DO UPDATE
        SET level = least(capacity, r.level + greatest(0, extract(epoch FROM at - r.filled_at)) / pace), filled_at = at
    RETURNING level INTO had;
    IF had < 1 THEN
        RETURN (1 - had) * pace;
    END IF;
    UPDATE rate_limits SET level = level - 1 WHERE bucket = wanted;
    RETURN 0;
END $$;

-- Gives back what a right attempt took.
CREATE OR REPLACE FUNCTION refund(wanted text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE rate_limits SET level = level + 1 WHERE bucket = ANY (wanted);
END;

CALL entrust('spend(text, int, interval, timestamptz)', 'convene_gate', '{convene_app}');
CALL entrust('refund(text[])', 'convene_gate', '{convene_app}');
