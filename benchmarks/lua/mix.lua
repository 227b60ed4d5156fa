-- Sends requests of some kinds, by their shares: SHARES="one=64 page=16 place=15 change=5". Each of one product, each order and each
-- change is of a random product among PRODUCTS; an order is of one unit, with a key of its own (KEYS begins it), by one of the customers
-- whose tokens TOKENS lists; STAFF is the token for changes. PAGE_SIZE is that of pages; PAUSE_MS is between two requests.

local products = tonumber(os.getenv("PRODUCTS"))
local kinds, tokens, threads = {}, {}, 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  for line in io.lines(os.getenv("TOKENS")) do
    tokens[#tokens + 1] = "Bearer " .. line
  end
  for kind, share in os.getenv("SHARES"):gmatch("(%a+)=(%d+)") do
    for _ = 1, tonumber(share) do
      kinds[#kinds + 1] = kind
    end
  end
  math.randomseed(os.time() * 1000 + number)
  sent = 0
end

local make = {}

function make.one()
  return wrk.format("GET", "/api/v1/products/" .. math.random(products) .. "/")
end

function make.page()
  return wrk.format("GET", "/api/v1/products/?page_size=" .. os.getenv("PAGE_SIZE"))
end

function make.place()
  sent = sent + 1
  local headers = {
    ["Authorization"] = tokens[math.random(#tokens)],
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = os.getenv("KEYS") .. "-" .. number .. "-" .. sent,
  }
  local body = '{"product_id":' .. math.random(products) .. ',"quantity":1}'
  return wrk.format("POST", "/api/v1/orders/", headers, body)
end

function make.change()
  local headers = { ["Authorization"] = "Bearer " .. os.getenv("STAFF"), ["Content-Type"] = "application/json" }
  local body = '{"description":"Changed to ' .. math.random(1000000) .. '."}'
  return wrk.format("PATCH", "/api/v1/products/" .. math.random(products) .. "/", headers, body)
end

function request()
  return make[kinds[math.random(#kinds)]]()
end

local pause = tonumber(os.getenv("PAUSE_MS"))
if pause > 0 then
  function delay()
    return pause
  end
end

dofile("lua/summary.lua")
