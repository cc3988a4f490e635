// Pictures: each a PNG of the size that was asked for.

import http from "node:http";
import { png } from "../../replay/png.mjs";

async function serve() {
  const site = http.createServer((request, response) => {
    if (request.url === "/") {
      response.writeHead(200, { "Content-Type": "text/html" }).end('<link rel="icon" href="/icon.png">');
    } else {
      response.writeHead(200, { "Content-Type": "image/png" }).end(png(64, 48));
    }
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  return { site, address: `http://127.0.0.1:${site.address().port}/` };
}

export async function avatars({ ledger, sdk, browser }, who) {
  const { Browser, CreditCard, Flag } = sdk;
  const { site, address } = await serve();
  const pictures = [
    ["getBrowser", [Browser.MozillaFirefox, 48, 48], 48, 48], ["getCreditCard", [CreditCard.Visa, 60, 40], 60, 40],
    ["getFlag", [Flag.Norway ?? "no", 40, 30], 40, 30], ["getInitials", ["Ada Lovelace", 80, 60, "ff0000"], 80, 60],
    ["getQR", ["https://example.com", 200, 1], 200, 200], ["getImage", [`${address}picture.png`, 32, 24], 32, 24],
  ];
  for (const [name, given, width, height] of pictures) {
    const { status, type, bytes } = await browser.open(who.avatars[name](...given));
    ledger.same([status, type, bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [200, "image/png", width, height],
      name);
  }
  const icon = await browser.open(who.avatars.getFavicon(address));
  ledger.same([icon.status, icon.type], [200, "image/png"], "getFavicon");
  ledger.equal((await browser.open(who.avatars.getQR("x", 2000))).status, 400, "too large a picture");
  site.close();
  site.closeAllConnections?.();
}
