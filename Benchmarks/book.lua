-- Books one free slot a request. Which one follows from a counter, so nothing ever conflicts: thread t of n takes the
-- numbers first + t, first + t + n, …; a number is a pair of people (number % pairs) and an hour (number / pairs).

local first, pairs_, threads = tonumber(os.getenv("BENCH_FIRST")), tonumber(os.getenv("BENCH_PAIRS")), 0
local day_zero = tonumber(os.getenv("BENCH_DAY_ZERO"))

function setup(thread)
    thread:set("offset", threads)
    threads = threads + 1
    thread:set("step", tonumber(os.getenv("BENCH_THREADS")))
end

function init()
    number = first + offset
    run = os.getenv("BENCH_RUN")
    headers = {
        ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
        ["Content-Type"] = "application/json",
    }
end

function request()
    local pair, hour = number % pairs_, math.floor(number / pairs_)
    headers["Idempotency-Key"] = run .. "-" .. number
    number = number + step
    return wrk.format("POST", "/api/counselor/sessions/book", headers, string.format(
        '{"kind":"regular_mentoring","mentorId":"00000000-0000-4000-a000-%012x",' ..
        '"studentId":"00000000-0000-4000-b000-%012x","title":"Benchmark","duration":60,' ..
        '"meetingProvider":"zoom","scheduledStartTime":"%s"}',
        pair, pair, os.date("!%Y-%m-%dT%H:%M:%SZ", day_zero + hour * 3600)))
end

-- One line that run.py reads. Times are in microseconds. errors.status counts what was not 2xx or 3xx.
function done(summary, latency)
    io.write(string.format(
        'RESULT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
