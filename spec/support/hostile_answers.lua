--- What the hostile server's behaviours are made of: answers, well-formed but for what they are given.

local concat, format, rep = table.concat, string.format, string.rep

local answers = {
  JSON = "content-type: application/json",
  CHUNKED = "transfer-encoding: chunked",
  PIECE = rep("x", 64 * 1024),
  HUGE = 100 * 1024 * 1024, -- bytes
}

---@param connection table
---@param status string   code and reason
---@param headers string[] lines
---@param body string?
function answers.respond(connection, status, headers, body)
  local lines = { "HTTP/1.1 " .. status, concat(headers, "\r\n") }
  connection:send(concat(lines, "\r\n") .. "\r\n\r\n" .. (body or ""))
end

---@param body string
---@return string header
function answers.length(body)
  return "content-length: " .. #body
end

---A success with a body of JSON, and further header lines.
function answers.json(connection, body, ...)
  answers.respond(connection, "200 OK", { answers.JSON, answers.length(body), ... }, body)
end

---@param text string
---@return string chunk of a chunked body
function answers.chunk(text)
  return format("%x\r\n%s\r\n", #text, text)
end

---Sends pieces without end, or until there were `total` bytes of them.
---@param connection table
---@param total number
---@param wrap (fun(piece: string): string)?
function answers.pour(connection, total, wrap)
  local sent = 0
  while sent < total do
    connection:send(wrap and wrap(answers.PIECE) or answers.PIECE)
    sent = sent + #answers.PIECE
  end
end

return answers
