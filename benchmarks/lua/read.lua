-- Reads one of PRODUCTS products, as an anonymous visitor, who pauses for PAUSE_MS between two requests.

local products = tonumber(os.getenv("PRODUCTS"))
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  math.randomseed(os.time() * 1000 + number)
end

function request()
  return wrk.format("GET", "/api/v1/products/" .. math.random(products) .. "/")
end

local pause = tonumber(os.getenv("PAUSE_MS") or "0")
if pause > 0 then
  function delay()
    return pause
  end
end

dofile("lua/summary.lua")
