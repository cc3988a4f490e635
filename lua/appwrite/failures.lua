--- Errors of tasks: raised to whoever awaits the task, or else told once, where `appwrite.onError` says.

local scheduler = require "appwrite.scheduler"

local error, format, getmetatable, pairs, pcall, setmetatable, tostring, type =
  error, string.format, getmetatable, pairs, pcall, setmetatable, tostring, type

local LOOKS = 2 -- polls in which somebody may still come to await a task that has failed

local failures = {}

-- Tasks that have failed, until their error was told or there is no need to.
local unheard = {}

---What was raised, as text: whatever it is, also where its own __tostring fails.
---@param err any
---@return string
function failures.text(err)
  local ok, text = pcall(tostring, err)
  return ok and type(text) == "string" and text or format("a %s that cannot be shown", type(err))
end

local function explain(task)
  local text = failures.text(task.err)
  return task.traceback and text .. "\n" .. task.traceback or text
end

local function tell(task)
  task.heard = true
  scheduler.report("a task failed, and nobody awaits it: " .. explain(task))
end

local function tellUnlessHeard(task)
  if not task.heard and task.looks < LOOKS then
    task.looks = task.looks + 1
    scheduler.enqueueLater(tellUnlessHeard, task)
    return
  end
  unheard[task] = nil
  if not task.heard then
    tell(task)
  end
end

-- A program may end without another poll. What is raised then could reach nobody.
local function tellTheRest()
  for task in pairs(unheard) do
    if not task.heard then
      pcall(tell, task)
    end
  end
end

local function atEnd(fn)
  if newproxy then
    local guard = newproxy(true)
    getmetatable(guard).__gc = fn
    return guard
  end
  return setmetatable({}, { __gc = fn })
end
setmetatable(unheard, { guard = atEnd(tellTheRest) })

---A task has failed. Unless somebody hears of it soon, it is told.
---@param task appwrite.Task
function failures.add(task)
  unheard[task], task.looks = true, 0
  scheduler.enqueueLater(tellUnlessHeard, task)
end

---Raise a task's error: a text takes its traceback along, anything else stays what it is, for whoever looks into it.
---@param task appwrite.Task
function failures.raise(task)
  task.heard = true
  error(type(task.err) == "string" and explain(task) or task.err, 0)
end

return failures
