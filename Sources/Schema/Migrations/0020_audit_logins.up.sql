-- Background work logs in as itself and takes on no role, so the audit log tells it from the owner by the log-in. The
-- rest of the function stays word for word.
DO $$
BEGIN
    EXECUTE replace(
        pg_get_functiondef('audit()'::regprocedure), $before$CASE current_setting('role')$before$,
        $after$CASE coalesce(nullif(current_setting('role'), 'none'), session_user)$after$);
END $$;
