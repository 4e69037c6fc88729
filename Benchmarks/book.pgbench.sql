\set number :first + :step * :clients + :client_id
\set step :step + 1
SELECT bench_book(:number);
