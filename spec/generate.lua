-- lua5.4 spec/generate.lua           writes the stubs for editors and the reference anew
-- lua5.4 spec/generate.lua --check   says which of them are not as they should be, and what is public and lacks
--                                    annotations, an example, or a place in the reference; and fails
--
-- To be run in the checkout, with the built library on package.path and package.cpath (as `spec/run` has it).

local coverage = require "spec.reference.coverage"
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
if isCheck then
  local count, problems = coverage.count()
  for _, problem in ipairs(problems) do
    io.stderr:write(problem, "\n")
  end
  print(("%d public functions, %d times annotation, example or reference is missing"):format(count, #problems))
  os.exit(#differing + #problems == 0)
end
