-- People for the benchmark, and the booking as one function for pgbench. Variables: organization, counselor, sign_in,
-- pairs, day_zero (seconds since 1970). The ids follow from a number, so that Lua, SQL and Python agree on them.

INSERT INTO users (id, email, name)
SELECT ('00000000-0000-4000-' || kind || '000-' || lpad(to_hex(n), 12, '0'))::uuid,
       kind || n || '@bench.example', 'Bench ' || kind || n
FROM generate_series(0, :pairs - 1) n, unnest(ARRAY['a', 'b']) kind;

INSERT INTO memberships (organization_id, user_id, role)
SELECT :'organization', id, CASE WHEN email LIKE 'a%' THEN 'mentor' ELSE 'student' END
FROM users WHERE email LIKE '%@bench.example';

INSERT INTO contracts (id, organization_id, student_user_id, title)
SELECT gen_random_uuid(), :'organization', user_id, 'Benchmark'
FROM memberships JOIN users u ON u.id = user_id WHERE u.email LIKE 'b%@bench.example';

INSERT INTO contract_entitlements (id, organization_id, contract_id, student_user_id, service_type, unit_type, total)
SELECT gen_random_uuid(), organization_id, id, student_user_id, 'regular_mentoring', 'hour', 1000000
FROM contracts WHERE title = 'Benchmark';

INSERT INTO sign_ins (id, user_id, medium, expires_at)
VALUES (:'sign_in', :'counselor', 'program', now() + interval '1 day');

CREATE TABLE bench_setting AS
SELECT :'organization'::uuid AS organization, :'counselor'::uuid AS counselor, :'sign_in'::uuid AS sign_in,
       :pairs::bigint AS pairs, to_timestamp(:day_zero) AS day_zero;
GRANT SELECT ON bench_setting TO convene_app;
