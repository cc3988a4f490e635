// node run.mjs EXCHANGES : sends the recorded exchanges of a real 1.5.11 server to the sandbox, each with the state
// that it was recorded in, and compares the answers. Fails where one disagrees that is not known to, or the other way
// round.

import { fileURLToPath } from "node:url";
import { disagreements } from "./disagreements.mjs";
import { close } from "./http.mjs";
import { load } from "./recording.mjs";
import { stories } from "./stories/index.mjs";
import { World } from "./world.mjs";

let running; // the sandbox at hand

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    running?.stop();
    process.exit(1);
  });
}

async function replayAll(exchanges) {
  const results = new Map();
  for (const { name, project = "project.lua", people, run } of stories) {
    const file = fileURLToPath(new URL(project, import.meta.url));
    const world = new World(exchanges, { project: file, people, results });
    running = world;
    try {
      await run(world);
    } catch (problem) {
      throw new Error(`the story "${name}" broke off`, { cause: problem });
    } finally {
      running = undefined;
      world.stop();
    }
  }
  close();
  return results;
}

function judge(exchanges, results) {
  const faults = [];
  const counts = new Map();
  for (const [id, { operation }] of exchanges) {
    const service = operation?.split(".")[0] ?? "the rest";
    const count = counts.get(service) ?? { agree: 0, all: 0 };
    counts.set(service, count);
    count.all += 1;
    const { problems, sameMessage } = results.get(id) ?? { problems: ["was not replayed"] };
    if (problems.length === 0) {
      count.agree += 1;
    }
    if (problems.length > 0 && !disagreements[id]) {
      faults.push(`${id}: ${problems.join("; ")}`);
    } else if (problems.length === 0 && disagreements[id]) {
      faults.push(`${id} is listed as disagreeing, but agrees`);
    } else if (problems.length === 0 && sameMessage === false) {
      faults.push(`${id}: other words`);
    }
  }
  const unknown = Object.keys(disagreements).filter((id) => !exchanges.has(id));
  return { faults: [...faults, ...unknown.map((id) => `${id} is listed, but not recorded`)], counts };
}

const exchanges = load(process.argv[2]);
const results = await replayAll(exchanges);
const { faults, counts } = judge(exchanges, results);
for (const [service, { agree, all }] of counts) {
  console.log(`${service}: ${agree} of ${all}`);
}
for (const [id, reason] of Object.entries(disagreements)) {
  console.log(`otherwise: ${id}: ${reason}`);
}
for (const fault of faults) {
  console.error(`replay: ${fault}`);
}
const agree = [...counts.values()].reduce((sum, count) => sum + count.agree, 0);
const words = [...results.values()].filter(({ sameMessage }) => sameMessage).length;
console.log(`${agree} of ${exchanges.size} recorded exchanges agree, ${words} error messages word for word, `
  + `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
