--- The inside of spec.support.storm: what nginx runs.

local storm_nginx = {}

local LIMIT = 10

local counted = {}

local function of(way)
  counted[way] = counted[way] or { requests = 0, refused = 0, window = 0, used = 0 }
  return counted[way]
end

local function answer(status, body)
  ngx.status = status
  ngx.header["content-type"] = "application/json"
  ngx.header["content-length"] = #body
  ngx.print(body)
end

local REFUSAL = '{"message":"Rate limit exceeded.","code":429,"type":"general_rate_limit_exceeded"}'

function storm_nginx.admit(way)
  ngx.req.read_body()
  local counts = of(way)
  counts.requests = counts.requests + 1
  answer(ngx.req.get_method() == "POST" and 201 or 200, '{"$id":"x"}')
end

function storm_nginx.refuse(way)
  local counts = of(way)
  counts.requests, counts.refused = counts.requests + 1, counts.refused + 1
  answer(429, REFUSAL)
end

function storm_nginx.told()
  local counts = of "told"
  ngx.update_time()
  local window = math.floor(ngx.now())
  if window > counts.window then
    counts.window, counts.used = window, 0
  end
  local isOver = counts.used >= LIMIT
  counts.used = counts.used + (isOver and 0 or 1)
  ngx.header["x-ratelimit-limit"], ngx.header["x-ratelimit-reset"] = LIMIT, window + 1
  ngx.header["x-ratelimit-remaining"] = LIMIT - counts.used
  if isOver then
    storm_nginx.refuse "told"
  else
    storm_nginx.admit "told"
  end
end

function storm_nginx.flaky()
  local counts = of "flaky"
  if (counts.requests + 1) % 3 == 0 then
    storm_nginx.admit "flaky"
    return
  end
  counts.requests, counts.refused = counts.requests + 1, counts.refused + 1
  answer(503, '{"message":"busy","code":503,"type":"general_unknown"}')
end

function storm_nginx.counts()
  local counts = of(ngx.var.uri:sub(2))
  ngx.print(counts.requests, " ", counts.refused)
end

return storm_nginx
