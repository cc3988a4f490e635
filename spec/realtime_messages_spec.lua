local json = require "appwrite.json"
local messages = require "appwrite.realtime.messages"

describe("appwrite.realtime.messages", function()
  it("makes the address of a connection", function()
    assert.equal("/realtime?project=my+shop&channels%5B%5D=documents&channels%5B%5D=teams.t-1",
      messages.target("my shop", { "documents", "teams.t-1" }))
  end)

  it("reads what the server sends, with nulls as the client has them", function()
    local text = '{"type":"event","data":{"events":["a"],"channels":["c"],"timestamp":"t","payload":{"x":null,"n":7}}}'
    local message = assert(messages.read(text, "drop"))
    assert.equal("event", message.type)
    assert.equal(7, message.data.payload.n)
    assert.is_nil(message.data.payload.x)
    assert.equal(json.null, messages.read(text, "keep").data.payload.x)
  end)

  for name, text in pairs {
    ["no JSON"] = "hello", ["nothing"] = "", ["an array"] = "[1]", ["null"] = "null", ["no data"] = '{"type":"event"}',
    ["no type"] = '{"data":{}}', ["an event without channels"] = '{"type":"event","data":{}}', ["bytes"] = "\255\0",
  } do
    it("is told of what is no message: " .. name, function()
      local message, err = messages.read(text, "drop")
      assert.is_nil(message)
      assert.equal("protocol", err.kind)
      assert.equal(text, err.response)
    end)
  end

  for _, case in ipairs {
    { { code = 1.5, message = "x" }, 0, "realtime", "x" },
    { { code = 1e300, message = "x" }, 0, "realtime", "x" },
    { { code = -1, message = "x" }, 0, "realtime", "x" },
    { { code = 1008, message = "Missing channels" }, 1008, "realtime_policy_violation", "Missing channels" },
    { { code = 1003, message = "Session is not valid." }, 1003, "realtime_message_format_invalid", "Session is not valid." },
    { { code = 1013, message = "Too many" }, 1013, "realtime_too_many_messages", "Too many" },
    { { code = 0, message = "PHP" }, 0, "realtime", "PHP" },
    { {}, 0, "realtime", "the server reports an error" },
    { { code = 5, message = "" }, 5, "realtime", "the server reports an error" },
    { { code = "x", message = {} }, 0, "realtime", "the server reports an error" },
  } do
    it("makes an error of the server's: " .. case[3] .. " " .. case[4], function()
      local err = messages.serverError(case[1])
      assert.same({ "api", case[2], case[3], case[4] }, { err.kind, err.code, err.type, err.message })
      assert.equal("realtime", err.operation)
    end)
  end

  for name, case in pairs {
    ["lost"] = { { kind = "network", message = "reset" }, { "network", 0, "network", "reset" } },
    ["closed"] = { { code = 1001, reason = "going away" }, { "network", 1001, "network", "the server closed the connection (1001: going away)" } },
    ["closed by policy"] = { { code = 1008, reason = "" }, { "network", 1008, "realtime_policy_violation", "the server closed the connection (1008)" } },
    ["closed without a reason"] = { { code = 1011 }, { "network", 1011, "network", "the server closed the connection (1011)" } },
    ["refused by a status alone"] = { { status = 503, body = "" }, { "api", 503, "api", "the server refuses the connection with status 503" } },
    ["broken off by a status"] = { { kind = "network", message = "gone", status = 503 }, { "network", 503, "network", "gone" } },
    ["ended"] = { {}, { "network", 0, "network", "the server ended the connection" } },
    ["refused by Appwrite"] = { { kind = "api", status = 401, body = '{"message":"No.","type":"user_blocked","code":401}' }, { "api", 401, "user_blocked", "No." } },
    ["refused by a proxy"] = { { kind = "api", status = 502, body = "<html>" }, { "api", 502, "api", "the server refuses the connection with status 502" } },
    ["a bad handshake"] = { { kind = "protocol", message = "no Sec-WebSocket-Accept", status = 101 }, { "protocol", 101, "protocol", "no Sec-WebSocket-Accept" } },
  } do
    it("says why a connection has ended: " .. name, function()
      local err = messages.ending(case[1])
      assert.same(case[2], { err.kind, err.code, err.type, err.message })
      assert.equal(err.kind == "api" and case[1].body or nil, err.response)
    end)
  end
end)
