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

-- Takes one guess at an account's password. An address has few; the account has more, over all addresses. When those
-- are used up, an address that has not been wrong about this account still has one: whoever guesses cannot lock the
-- owner out. Returns 0, or how many seconds to wait.
CREATE OR REPLACE FUNCTION guess(account text, origin text, at timestamptz) RETURNS double precision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wait double precision := spend('origin/' || origin, 30, interval '20 seconds', at);
    is_first boolean;
BEGIN
    IF wait > 0 THEN
        RETURN wait;
    END IF;
    wait := spend('pair/' || account || '/' || origin, 5, interval '1 minute', at);
    IF wait > 0 THEN
        RETURN wait;
    END IF;
    SELECT level >= 4 INTO is_first FROM rate_limits WHERE bucket = 'pair/' || account || '/' || origin;
    wait := spend('account/' || account, 50, interval '36 seconds', at);
    RETURN CASE WHEN is_first THEN 0 ELSE wait END;
END $$;

-- Gives back what a right attempt took.
CREATE OR REPLACE FUNCTION refund(wanted text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE rate_limits SET level = level + 1 WHERE bucket = ANY (wanted);
END;

CALL entrust('spend(text, int, interval, timestamptz)', 'convene_gate', '{convene_app}');
CALL entrust('guess(text, text, timestamptz)', 'convene_gate', '{convene_app}');
CALL entrust('refund(text[])', 'convene_gate', '{convene_app}');
