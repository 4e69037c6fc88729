-- How often a password may be guessed.

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

CALL entrust('guess(text, text, timestamptz)', 'convene_gate', '{convene_app}');
