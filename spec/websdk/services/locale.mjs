// Where one is, and lists of the world.

const LISTS = {
  listCodes: ["localeCodes", "pt-br"], listContinents: ["continents", "AF"], listCountries: ["countries", "NO"],
  listCountriesEU: ["countries", "FR"], listCountriesPhones: ["phones", "+33"], listCurrencies: ["currencies", "EUR"],
  listLanguages: ["languages", "de"],
};

export async function locale({ ledger }, who) {
  ledger.equal((await who.locale.get()).ip, "127.0.0.1", "the address");
  for (const [method, [member, known]] of Object.entries(LISTS)) {
    const list = await who.locale[method]();
    ledger.equal(list.total, list[member].length, `${method}: how many`);
    ledger.ok(list[member].some((entry) => Object.values(entry).includes(known)), `${method} has ${known}`);
  }
  who.client.setLocale("de");
  const { countries } = await who.locale.listCountries();
  ledger.equal(countries.find(({ code }) => code === "NO").name, "Norwegen", "Norway in German");
  who.client.setLocale("");
}
