--- What the reference says of the avatars service beside its data: errors, and an example that a spec runs.

return {
  generateQrCodeImage = {
    example = [[
local png = assert(client.avatars.generateQrCodeImage { text = "https://example.com", size = 200 })
print(#png .. " bytes")]],
  },
  getBrowserIconByCode = {
    example = [[
local png = assert(client.avatars.getBrowserIconByCode { code = "ff", width = 32, height = 32 })
print(#png .. " bytes")]],
  },
  getCountryFlagByCode = {
    example = [[
local path = os.tmpname()
assert(client.avatars.getCountryFlagByCode({ code = "br", width = 60, height = 40 }, { to = path }))
os.remove(path)]],
  },
  getCreditCardIcon = {
    example = [[
local png = assert(client.avatars.getCreditCardIcon { code = "visa" })
print(#png .. " bytes")]],
  },
  getFavicon = {
    errors = { "avatar_remote_url_failed", "avatar_icon_not_found" },
    example = [[
local icon = assert(client.avatars.getFavicon { url = "https://example.com/page.html" })
print(#icon .. " bytes")]],
  },
  getRemoteImage = {
    errors = { "avatar_image_not_found", "general_server_error" },
    example = [[
local png = assert(client.avatars.getRemoteImage { url = "https://example.com/image.png", width = 100, height = 100 })
print(#png .. " bytes")]],
  },
  getUserInitials = {
    example = [[
print(client:url("avatars.getUserInitials", { name = "Ada Lovelace", width = 80, height = 80 })) -- for an <img>
local png = assert(client.avatars.getUserInitials { name = "Ada Lovelace" })
print(#png .. " bytes")]],
  },
}
