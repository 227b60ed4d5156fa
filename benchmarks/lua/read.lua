-- Reads one of PRODUCTS products, as an anonymous visitor.

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

dofile("lua/summary.lua")
