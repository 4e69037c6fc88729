DO $$
BEGIN
    EXECUTE replace(
        pg_get_functiondef('audit()'::regprocedure),
        $after$CASE coalesce(nullif(current_setting('role'), 'none'), session_user)$after$,
        $before$CASE current_setting('role')$before$);
END $$;
