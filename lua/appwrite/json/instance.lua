--- An instance of lua-cjson of this library's own: what a program has set on `cjson` is neither used nor changed.
--
-- `encode_escape_forward_slash` is left alone on purpose: in OpenResty's line it is one setting for the whole process.

local cjson = require "cjson"

local instance = cjson.new()

-- As deep as PHP's parser and writer go, which is what stands at the other end.
instance.decode_max_depth(512)
instance.decode_invalid_numbers(false)

return instance
