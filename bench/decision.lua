-- decision.lua - what wrk sends: the company of the demonstration, a new client_reference each time.
-- The request and the key come from the environment; wrk calls request() for each request.
local body = os.getenv("AVAL_BENCH_BODY")
local headers = {
  ["Authorization"] = "Bearer " .. os.getenv("AVAL_BENCH_KEY"),
  ["Content-Type"] = "application/json",
}
local count = 0

function request()
  count = count + 1
  local text = body:gsub('"client_reference": "demo"', '"client_reference": "bench-' .. count .. '"')
  return wrk.format("POST", "/v1/decisions", headers, text)
end

-- A figure counts only if every answer was a decision that was made.
function done(summary, latency, _)
  local e = summary.errors
  local faults = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("figures %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), faults))
end
