-- For wrk: a visitor now and then, so that it is the server's latency that is measured and not its throughput.

function delay() -- luacheck: globals delay
  return 1 -- ms
end
