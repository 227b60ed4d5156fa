-- Places orders: a random product, one unit, a key of its own, one of a thousand customers.
-- PRODUCTS is how many products there are, TOKENS a file with a bearer token on each line, KEYS begins every key.

local products = tonumber(os.getenv("PRODUCTS"))
local run = os.getenv("KEYS")
local tokens = {}
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  for line in io.lines(os.getenv("TOKENS")) do
    tokens[#tokens + 1] = "Bearer " .. line
  end
  math.randomseed(os.time() * 1000 + number)
  sent = 0
end

function request()
  sent = sent + 1
  local headers = {
    ["Authorization"] = tokens[math.random(#tokens)],
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = run .. "-" .. number .. "-" .. sent,
  }
  local body = '{"product_id":' .. math.random(products) .. ',"quantity":1}'
  return wrk.format("POST", "/api/v1/orders/", headers, body)
end

dofile("lua/summary.lua")
