// As a browser goes: from redirect to redirect, until one leads to the page that was asked for.
export async function follow({ browser, endpoint }, address) {
  let next = address;
  for (let hop = 0; hop < 5; hop++) {
    const { status, headers } = await browser.open(next, { isOperation: hop === 0 });
    if (status !== 301) {
      throw new Error(`${next}: ${status}`);
    }
    const location = new URL(headers.get("location"));
    if (location.pathname === "/landed") {
      return { location, cookie: headers.get("x-fallback-cookies") };
    }
    next = new URL(location.pathname + location.search, endpoint);
  }
  throw new Error(`${address}: too many redirects`);
}
