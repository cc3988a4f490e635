-- The flows as examples/flows does them, with the names that flows.mjs uses, in its order.

local flowExamples = require "spec.support.flow_examples"

local server = { endpoint = os.getenv "APPWRITE_ENDPOINT", project = os.getenv "APPWRITE_PROJECT" }

flowExamples.run("anonymous_to_account", server, "guest@example.com")
flowExamples.run("email_code", server, "code@example.com")
flowExamples.run("email_verification", server, "verified@example.com", "+441212345678")
flowExamples.run("invitation", server, "owner@example.com", "invited@example.com")
flowExamples.run("magic_url", server, "magic@example.com")
flowExamples.run("mfa", server, "mfa@example.com")
flowExamples.run("password_recovery", server, "forgetful@example.com")
flowExamples.run("phone_code", server, "+441212345679")
local output, status = flowExamples.runOAuth2(server)
assert(status == 0, output)
