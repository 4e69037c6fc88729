DO $$
DECLARE kinds text[] := ARRAY(SELECT kind FROM session_kinds); gone text;
BEGIN
    FOREACH gone IN ARRAY kinds LOOP
        CALL drop_session_kind(gone);
    END LOOP;
END $$;
DROP PROCEDURE drop_session_kind(text);
DROP PROCEDURE create_session_kind(text, name, text, boolean, name[]);
DROP PROCEDURE check_session_kinds();
DROP TABLE session_kinds;
