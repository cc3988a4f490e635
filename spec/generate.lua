-- lua5.4 spec/generate.lua           writes the stubs for editors and the reference anew
-- lua5.4 spec/generate.lua --check   says which of them are not as they should be, and fails
--
-- To be run in the checkout, with the built library on package.path and package.cpath (as `spec/run` has it).

local generated = require "spec.reference.generated"

local isCheck = arg[1] == "--check"
if arg[1] and not isCheck then
  io.stderr:write("usage: spec/generate.lua [--check]\n")
  os.exit(2)
end

local differing = generated.differing()
for _, path in ipairs(differing) do
  if isCheck then
    io.stderr:write(path, " is not what spec/generate.lua makes of the data; run it\n")
  else
    generated.write(path)
    print("wrote " .. path)
  end
end
print(("%d files, %d differ"):format(#generated.paths(), #differing))
os.exit(isCheck and #differing > 0 and 1 or 0, true)
