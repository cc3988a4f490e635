--- Things with an id, in the order in which they were made.

---@class sandbox.Store
---@field list table[]
---@field byId table<string, table>
local Store = { __name = "sandbox.Store" }
Store.__index = Store

local store = {}

---@return sandbox.Store
function store.new()
  return setmetatable({ list = {}, byId = {}, count = 0 }, Store)
end

---@generic T: { id: string }
---@param item T gets `sequence`, its place among all there ever were
---@return T
function Store:add(item)
  self.count = self.count + 1
  item.sequence = self.count
  self.byId[item.id] = item
  self.list[#self.list + 1] = item
  return item
end

---@param id string
---@return table? item
function Store:get(id)
  return self.byId[id]
end

---@param id string
function Store:remove(id)
  local item = self.byId[id]
  self.byId[id] = nil
  for index, other in ipairs(self.list) do
    if other == item then
      table.remove(self.list, index)
      return
    end
  end
end

return store
