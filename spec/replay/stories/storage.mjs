// Files: in one piece and in chunks, read, previewed, changed and deleted.

const MIB = 1024 * 1024;
const FILES = "/v1/storage/buckets/files/files";

async function chunks(w) {
  await w.replayAll("createFile.ok-chunk1", "getFileById.ok-partial", "getFileDownload.404-partial",
    "createFile.ok-chunk2", "createFile.ok-chunk3", "createFile.409-after-complete", "getFileById.ok");
  await w.rest(["createFile.ok-unique-", "createFile.ok-order-chunk1", "createFile.ok-order-chunk3"]);
  const exchange = w.exchanges.get("createFile.ok-order-chunk3");
  await w.again(exchange, { "content-range": `bytes ${5 * MIB}-${10 * MIB - 1}/${12 * MIB}` }, 5 * MIB);
  await w.replay("getFileDownload.ok-after-out-of-order");
  await w.rest(["createFile.400-last-first", "createFile.ok-last-first"]);
  await w.replayAll("createFile.ok-twice-chunk1");
  await w.again(w.exchanges.get("createFile.ok-twice-chunk1"), {}, 5 * MIB);
  await w.replayAll("createFile.500-twice-chunk2", "createFile.ok-twice-chunk2-again", "createFile.ok-twice-chunk3",
    "getFileDownload.ok-after-twice");
}

async function run(w) {
  await w.rest(["createFile."], /chunk|twice|last-first|after-complete|other-user|409|400-/);
  await w.rest(["createFile.4"], /chunk|twice|last-first|after-complete/);
  await chunks(w);
  await w.rest(["createFile."]);
  const form = ['fileId"\r\n\r\nuni', 'file"; filename="ünï ✓.txt"\r\n\r\nabc']
    .map((part) => `--B\r\nContent-Disposition: form-data; name="${part}\r\n`).join("") + "--B--\r\n";
  await w.must("POST", FILES, Buffer.from(form),
    { session: w.session("createFile.ok-user"), headers: { "Content-Type": "multipart/form-data; boundary=B" } });
  await w.rest(["getFileById.", "getFileDownload.", "getFileForView.", "getFilePreviewImage.", "listFiles."]);
  await w.rest(["updateFileById."]);
  await w.rest(["deleteFileById."]);
}

export default [{ name: "files", run }];
