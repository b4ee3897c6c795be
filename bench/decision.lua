-- decision.lua - what wrk sends and how it judges the answers: a new company, reference and key each time.
--
-- The run is told by the environment.  Each thread writes the id of every acknowledged decision to a file of its
-- own, so that whoever counts rows afterwards knows what was promised.  Only a 201 with an id is a decision.
local threads = {}
local COMPANIES = 4096

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

-- A SIREN: eight digits and the one that makes the Luhn sum a multiple of ten.
local function siren(i)
  local digits, sum = string.format("8%07d", (i * 7919) % 10000000), 0
  for at = 1, 8 do
    local d = tonumber(digits:sub(at, at))
    if at % 2 == 0 then
      d = d * 2
      if d > 9 then d = d - 9 end
    end
    sum = sum + d
  end
  return digits .. (10 - sum % 10) % 10
end

local head, before, middle, after
local sirens, count = {}, 0
local tag
checks_ids = os.getenv("AVAL_BENCH_IDS") ~= ""
faults, acknowledged = 0, 0

function init(_)
  local body = os.getenv("AVAL_BENCH_BODY")
  tag = string.format("%s-%d-", os.getenv("AVAL_BENCH_RUN"), number)
  for i = 1, COMPANIES do sirens[i] = siren(i) end
  local s, r = body:find("812345676", 1, true), body:find('"client_reference":"bench"', 1, true)
  before, middle, after = body:sub(1, s - 1), body:sub(s + 9, r + 19), body:sub(r + 25)
  local length = #before + 9 + #middle + #tag + 9 + #after
  head = string.format("POST /v1/decisions HTTP/1.1\r\nHost: %s:%s\r\nAuthorization: Bearer %s\r\n" ..
    "Content-Type: application/json\r\nContent-Length: %d\r\nIdempotency-Key: ",
    wrk.host, wrk.port, os.getenv("AVAL_BENCH_KEY"), length)
  if checks_ids then ids = assert(io.open(os.getenv("AVAL_BENCH_IDS") .. "." .. number, "w")) end
end

function request()
  count = count + 1
  local name = string.format("%s%09d", tag, count)
  return table.concat({head, name, "\r\n\r\n", before, sirens[count % COMPANIES + 1], middle, name, after})
end

-- The ruler answers a constant: reading that would only slow the generator.  wrk itself counts a status of 400 and more.
if checks_ids then
  function response(status, _, body)
    local id = status == 201 and body:match('"id":"(dec_%w+)"')
    if id then
      acknowledged = acknowledged + 1
      ids:write(id, "\n")
    else
      faults = faults + 1
    end
  end
end

function done(summary, latency, _)
  local e, wrong, counted = summary.errors, 0, 0
  for _, thread in ipairs(threads) do
    wrong, counted = wrong + thread:get("faults"), counted + thread:get("acknowledged")
  end
  io.write(string.format("figures %d %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout, wrong, counted))
end
