// Files: small ones, one in chunks, their bytes and previews.

import { png } from "../../replay/png.mjs";

const MIB = 1024 * 1024;

export async function storage({ ledger, sdk, browser, endpoint }, who, guest) {
  const { ID, Permission, Role, ImageFormat } = sdk;
  const anyone = [Permission.read(Role.any())];
  const small = await who.storage.createFile("files", ID.unique(), new File(["hello"], "hello.txt"),
    [...anyone, Permission.update(Role.users())]);
  ledger.same([small.name, small.sizeOriginal, small.chunksTotal, small.mimeType], ["hello.txt", 5, 1, "text/plain"],
    "a file");
  const download = await browser.open(who.storage.getFileDownload("files", small.$id));
  ledger.equal(download.bytes.toString(), "hello", "its bytes");
  ledger.ok(download.headers.get("content-disposition").startsWith("attachment"), "to be kept");
  const view = await browser.open(who.storage.getFileView("files", small.$id));
  ledger.ok(view.headers.get("content-disposition").startsWith("inline"), "to be seen");

  const bytes = Buffer.alloc(11 * MIB, "0123456789abcdef");
  const steps = [];
  const big = await who.storage.createFile("files", "big", new File([bytes], "big.bin"), anyone,
    (step) => steps.push(step));
  ledger.same([big.$id, big.sizeOriginal, big.chunksUploaded], ["big", bytes.length, 3], "a file in chunks");
  ledger.same(steps.map(({ chunksUploaded }) => chunksUploaded), [1, 2, 3], "one after the other");
  const whole = await browser.open(who.storage.getFileDownload("files", "big"));
  ledger.ok(whole.bytes.equals(bytes), "all its bytes");

  const picture = await who.storage.createFile("files", "picture", new File([png(60, 40)], "a.png"), anyone);
  ledger.equal(picture.mimeType, "image/png", "what it is");
  const preview = await browser.open(who.storage.getFilePreview("files", "picture", 30, 10, undefined, undefined,
    undefined, undefined, undefined, undefined, undefined, undefined, ImageFormat.Png));
  ledger.same([preview.type, preview.bytes.readUInt32BE(16), preview.bytes.readUInt32BE(20)], ["image/png", 30, 10],
    "a preview");

  const renamed = await who.storage.updateFile("files", small.$id, "renamed.txt", []);
  ledger.same([renamed.name, renamed.$permissions], ["renamed.txt", []], "another name, and permissions");
  await ledger.fails(guest.storage.getFile("files", small.$id), 404, "storage_file_not_found");
  ledger.equal((await guest.storage.getFile("files", "big")).name, "big.bin", "a file that all may read");
  const list = await guest.storage.listFiles("files", [sdk.Query.equal("mimeType", ["image/png"])]);
  ledger.same([list.total, list.files[0].$id], [1, "picture"], "files found");
  const own = await who.storage.createFile("files", "own", new File(["x"], "x.txt"));
  ledger.ok(own.$permissions.length === 3, "what its owner may do");
  await who.storage.deleteFile("files", "own");
  await ledger.fails(who.storage.deleteFile("files", "own"), 404, "storage_file_not_found");
  ledger.ok(String(who.storage.getFileView("files", "big")).startsWith(endpoint), "the address of a view");
}
