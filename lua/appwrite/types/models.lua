---@meta _
-- Made by spec/generate.lua from lua/appwrite/models: change that, not this.
-- luacheck: ignore

---@alias appwrite.date string such as "2024-03-01T12:30:00.250+00:00", for appwrite.time.parse; "" is never

---Argon2.
---@class appwrite.models.AlgoArgon2
---@field type string name of the algorithm
---@field memoryCost integer memory
---@field timeCost integer iterations
---@field threads integer threads

---Bcrypt.
---@class appwrite.models.AlgoBcrypt
---@field type string name of the algorithm

---MD5.
---@class appwrite.models.AlgoMd5
---@field type string name of the algorithm

---PHPass.
---@class appwrite.models.AlgoPhpass
---@field type string name of the algorithm

---Scrypt.
---@class appwrite.models.AlgoScrypt
---@field type string name of the algorithm
---@field costCpu integer processor cost
---@field costMemory integer memory cost
---@field costParallel integer parallelization
---@field length integer bytes of the hash

---Firebase's Scrypt.
---@class appwrite.models.AlgoScryptModified
---@field type string name of the algorithm
---@field salt string salt
---@field saltSeparator string what stands behind the salt
---@field signerKey string key of the project

---SHA.
---@class appwrite.models.AlgoSha
---@field type string name of the algorithm

---Anything.
---@class appwrite.models.Any
---@field [string] any

---A continent.
---@class appwrite.models.Continent
---@field name string its name, in the client's locale
---@field code string code of two letters

---Continents, by name.
---@class appwrite.models.ContinentList
---@field total integer how many there are in all
---@field continents appwrite.models.Continent[] those of this page

---A country.
---@class appwrite.models.Country
---@field name string its name, in the client's locale
---@field code string ISO 3166-1 code of two letters

---Countries, by name.
---@class appwrite.models.CountryList
---@field total integer how many there are in all
---@field countries appwrite.models.Country[] those of this page

---A currency.
---@class appwrite.models.Currency
---@field symbol string its symbol
---@field name string its name in English
---@field symbolNative string the symbol where it is used
---@field decimalDigits integer digits behind the point
---@field rounding number smallest step of cash, where it is not the last digit; else 0
---@field code string ISO 4217 code of three letters
---@field namePlural string its name for several

---Currencies.
---@class appwrite.models.CurrencyList
---@field total integer how many there are in all
---@field currencies appwrite.models.Currency[] those of this page

---A document: the collection's attributes beside the server's own fields. Attributes without a value are absent, array
---attributes at least empty.
---@class appwrite.models.Document
---@field ["$id"] string id of the document
---@field ["$collectionId"] string id of its collection
---@field ["$databaseId"] string id of its database
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field ["$permissions"] string[] who may do what, such as `read("any")`
---@field [string] any

---Documents that the user may read; `total` counts to 5000.
---@class appwrite.models.DocumentList
---@field total integer how many there are in all
---@field documents appwrite.models.Document[] those of this page

---An error as the server sends it; a call gives an `appwrite.Error`, which has it whole in `response`.
---@class appwrite.models.Error
---@field message string what is wrong, in English
---@field code integer HTTP status
---@field type string a stable word, such as "user_already_exists"
---@field version string of the server

---A run of a function.
---@class appwrite.models.Execution
---@field ["$id"] string id of the execution
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field ["$permissions"] string[] who may do what, such as `read("any")`
---@field functionId string id of the function
---@field trigger string "http", "schedule" or "event"
---@field status string "waiting", "processing", "completed" or "failed"
---@field requestMethod string method of the request to the function
---@field requestPath string its path and query
---@field requestHeaders appwrite.models.Headers[] its headers, as far as they are kept
---@field responseStatusCode integer the function's status; 0 while it has not ended
---@field responseBody string what the function answered; only in the answer of a run that was waited for
---@field responseHeaders appwrite.models.Headers[] the headers of its answer, as far as they are kept
---@field logs string empty for users
---@field errors string empty for users
---@field duration number seconds

---Executions that the user may read.
---@class appwrite.models.ExecutionList
---@field total integer how many there are in all
---@field executions appwrite.models.Execution[] those of this page

---What the server knows of a file.
---@class appwrite.models.File
---@field ["$id"] string id of the file
---@field bucketId string id of its bucket
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field ["$permissions"] string[] who may do what, such as `read("any")`
---@field name string its name: as the uploader wrote it, so never a path to write to
---@field signature string MD5 in hex; empty until the upload is complete
---@field mimeType string type by the bytes; empty until the upload is complete
---@field sizeOriginal integer bytes
---@field chunksTotal integer chunks it has
---@field chunksUploaded integer chunks that are there; the upload is complete when all are

---Files that the user may read.
---@class appwrite.models.FileList
---@field total integer how many there are in all
---@field files appwrite.models.File[] those of this page

---One header.
---@class appwrite.models.Headers
---@field name string its name
---@field value string its value

---An OAuth2 account that is linked with a user.
---@class appwrite.models.Identity
---@field ["$id"] string id of the identity
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field userId string id of the user
---@field provider string the provider, such as "github"
---@field providerUid string the user's id there
---@field providerEmail string the user's address there
---@field providerAccessToken string the provider's token
---@field providerAccessTokenExpiry appwrite.date when that token ends
---@field providerRefreshToken string by which the server renews it

---Identities of a user.
---@class appwrite.models.IdentityList
---@field total integer how many there are in all
---@field identities appwrite.models.Identity[] those of this page

---A token by which another program may act as the user.
---@class appwrite.models.Jwt
---@field jwt string the token, for `appwrite.new { jwt = … }`

---A language.
---@class appwrite.models.Language
---@field name string its name in English
---@field code string ISO 639-1 code of two letters
---@field nativeName string its own name for itself

---Languages.
---@class appwrite.models.LanguageList
---@field total integer how many there are in all
---@field languages appwrite.models.Language[] those of this page

---Where the user is, by the IP address.
---@class appwrite.models.Locale
---@field ip string IP address
---@field countryCode string ISO 3166-1 code of two letters; "--" where unknown
---@field country string the country, in the client's locale
---@field continentCode string code of two letters; "--" where unknown
---@field continent string the continent, in the client's locale
---@field eu boolean whether the country is in the European Union
---@field currency? string ISO 4217 code of three letters; absent where unknown

---A locale that a client can name.
---@class appwrite.models.LocaleCode
---@field code string such as "pt-br"
---@field name string its name in English

---Locales that a client can name.
---@class appwrite.models.LocaleCodeList
---@field total integer how many there are in all
---@field localeCodes appwrite.models.LocaleCode[] those of this page

---Something that happened to an account.
---@class appwrite.models.Log
---@field event string what happened, such as "user.update"
---@field userId string id of the user
---@field userEmail string his address then
---@field userName string his name then
---@field mode string how it was done; empty or "default"
---@field time appwrite.date when
---@field ip string IP address
---@field osCode string code of the operating system, such as "LIN"; empty where unknown, as all of these
---@field osName string the operating system
---@field osVersion string its version
---@field clientType string "browser", "library" and the like
---@field clientCode string code of the browser, such as "FF": in lower case for avatars.getBrowserIconByCode
---@field clientName string name of browser or library
---@field clientVersion string its version
---@field clientEngine string engine of the browser, such as "Gecko"
---@field clientEngineVersion string its version
---@field deviceName string "desktop", "smartphone" and the like
---@field deviceBrand string maker of the device
---@field deviceModel string model of the device
---@field countryCode string ISO 3166-1 code of two letters, in lower case; "--" where unknown
---@field countryName string the country, in the client's locale

---Log entries, the latest first.
---@class appwrite.models.LogList
---@field total integer how many there are in all
---@field logs appwrite.models.Log[] those of this page

---A user in a team, or invited to it.
---@class appwrite.models.Membership
---@field ["$id"] string id of the membership
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field userId string id of the user
---@field userName string the user's name
---@field userEmail string the user's address
---@field teamId string id of the team
---@field teamName string the team's name
---@field invited appwrite.date when the user was invited
---@field joined appwrite.date when the user joined; empty until then
---@field confirm boolean whether the invitation is accepted
---@field mfa boolean whether the user has a second factor
---@field roles string[] roles in the team

---Members of a team.
---@class appwrite.models.MembershipList
---@field total integer how many there are in all
---@field memberships appwrite.models.Membership[] those of this page

---A second factor that was asked for.
---@class appwrite.models.MfaChallenge
---@field ["$id"] string id for account.completeMfaChallenge
---@field ["$createdAt"] appwrite.date when it was made
---@field userId string id of the user
---@field expire appwrite.date until when the code is taken

---Which second factors a user has.
---@class appwrite.models.MfaFactors
---@field totp boolean an authenticator app
---@field phone boolean a confirmed phone number
---@field email boolean a confirmed e-mail address
---@field recoveryCode? boolean recovery codes; not with every server

---Codes for somebody who has lost the second factor; each works once.
---@class appwrite.models.MfaRecoveryCodes
---@field recoveryCodes string[] the codes

---An authenticator app that waits to be confirmed.
---@class appwrite.models.MfaType
---@field secret string to be typed into the app
---@field uri string the same as an otpauth URI, for a QR code

---A country's telephone code.
---@class appwrite.models.Phone
---@field code string the code with its plus, such as "+44"
---@field countryCode string ISO 3166-1 code of two letters
---@field countryName string the country, in the client's locale

---Telephone codes.
---@class appwrite.models.PhoneList
---@field total integer how many there are in all
---@field phones appwrite.models.Phone[] those of this page

---A table of the application's own making.
---@class appwrite.models.Preferences
---@field [string] any

---A login: on one device, until it ends.
---@class appwrite.models.Session
---@field ["$id"] string id of the session
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"]? appwrite.date when it was last changed; not with every server
---@field userId string id of the user
---@field expire appwrite.date when it ends
---@field provider string how the user logged in: "email", "anonymous", "magic-url", "phone", "oauth2", …
---@field providerUid string id, address or number at the provider
---@field providerAccessToken string the OAuth2 provider's token
---@field providerAccessTokenExpiry appwrite.date when that token ends; empty where there is none
---@field providerRefreshToken string by which the server renews it
---@field ip string IP address
---@field osCode string code of the operating system, such as "LIN"; empty where unknown, as all of these
---@field osName string the operating system
---@field osVersion string its version
---@field clientType string "browser", "library" and the like
---@field clientCode string code of the browser, such as "FF": in lower case for avatars.getBrowserIconByCode
---@field clientName string name of browser or library
---@field clientVersion string its version
---@field clientEngine string engine of the browser, such as "Gecko"
---@field clientEngineVersion string its version
---@field deviceName string "desktop", "smartphone" and the like
---@field deviceBrand string maker of the device
---@field deviceModel string model of the device
---@field countryCode string ISO 3166-1 code of two letters, in lower case; "--" where unknown
---@field countryName string the country, in the client's locale
---@field current boolean whether it is the one by which was asked
---@field factors string[] what was proved: "password", "email", "phone", "totp", …
---@field secret string the session's token: empty unless an API key was used
---@field mfaUpdatedAt appwrite.date when a second factor was last proved; empty where never

---Sessions of a user.
---@class appwrite.models.SessionList
---@field total integer how many there are in all
---@field sessions appwrite.models.Session[] those of this page

---A target that gets what is sent to a topic.
---@class appwrite.models.Subscriber
---@field ["$id"] string id of the subscriber
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field targetId string id of the target
---@field target appwrite.models.Target the target
---@field userId string id of the user
---@field userName string the user's name
---@field topicId string id of the topic
---@field providerType string "email", "sms" or "push"

---An address, a number or a device that messages can be sent to.
---@class appwrite.models.Target
---@field ["$id"] string id of the target
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field name string name; empty for addresses and numbers
---@field userId string id of the user
---@field providerId? string id of the messaging provider, where one is set
---@field providerType string "email", "sms" or "push"
---@field identifier string the address, the number or the device's token

---A team.
---@class appwrite.models.Team
---@field ["$id"] string id of the team
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field name string its name
---@field total integer members who have joined
---@field prefs appwrite.models.Preferences preferences that its members share

---Teams of the user.
---@class appwrite.models.TeamList
---@field total integer how many there are in all
---@field teams appwrite.models.Team[] those of this page

---That a secret was sent or used. The secret itself is in the message to the user.
---@class appwrite.models.Token
---@field ["$id"] string id of the token
---@field ["$createdAt"] appwrite.date when it was made
---@field userId string id of the user
---@field secret string empty unless an API key was used
---@field expire appwrite.date when the secret ends
---@field phrase string security phrase that the message shows too; empty where none was asked for

---A user, as he may see himself.
---@class appwrite.models.User
---@field ["$id"] string id of the user
---@field ["$createdAt"] appwrite.date when it was made
---@field ["$updatedAt"] appwrite.date when it was last changed
---@field name string name; empty where none was given
---@field password? string never sent to users
---@field hash? string never sent to users
---@field hashOptions? table never sent to users
---@field registration appwrite.date when the user registered
---@field status boolean false where the account is blocked
---@field labels string[] labels that the server's side has given
---@field passwordUpdate appwrite.date when the password was last set; empty where there is none
---@field email string e-mail address; empty where there is none
---@field phone string phone number with plus and country code; empty where there is none
---@field emailVerification boolean whether the address is confirmed
---@field phoneVerification boolean whether the number is confirmed
---@field mfa boolean whether a second factor is asked for
---@field prefs appwrite.models.Preferences the user's preferences
---@field targets appwrite.models.Target[] where messages can reach the user: addresses and devices
---@field accessedAt appwrite.date when the user was last active, to the day

