// Holds what the sandbox answers against the OpenAPI document of the client API.

import { readFileSync } from "node:fs";
import { deviations } from "./deviations.mjs";

function escape(segment) {
  return segment.replaceAll("~", "~0").replaceAll("/", "~1");
}

// A member that the document does not know is a mistake too, where it does not say that there may be any.
function close(schemas) {
  for (const schema of Object.values(schemas)) {
    if (schema.properties && schema.additionalProperties === undefined) {
      schema.additionalProperties = false;
    }
  }
}

// The media type and the schema of an answer in JSON; in one place the document leaves the type empty.
function jsonOf({ content = {} }) {
  const media = ["application/json", ""].find((type) => content[type]?.schema);
  return [media, content[media]?.schema];
}

export class Validator {
  #document;
  #ajv;
  #seen = new Set(); // operations with an answer that was validated
  #used = new Set(); // deviations that were needed

  /**
   * @param {string} path of the document
   * @param {(name: string) => any} require
   */
  constructor(path, require) {
    this.#document = JSON.parse(readFileSync(path, "utf8"));
    close(this.#document.components.schemas);
    const Ajv = require("ajv").default;
    this.#ajv = new Ajv({ strict: false, allErrors: true });
    require("ajv-formats").default(this.#ajv);
    this.#ajv.addSchema(this.#document, "api");
    this.faults = [];
    this.answers = 0;
    this.errors = 0;
  }

  #except(operation, problem) {
    const index = deviations.findIndex((entry) => entry.problem === problem
      && (entry.operations === "all" || entry.operations.includes(operation)));
    if (index >= 0) {
      this.#used.add(index);
    }
    return index >= 0;
  }

  #apply(pointer, value, fault) {
    const validate = this.#ajv.getSchema(`api#${pointer}`);
    if (!validate(value)) {
      for (const { instancePath, message, params } of validate.errors) {
        const place = instancePath.replace(/\/\d+(?=\/|$)/g, "/*"); // the same for each element of a list
        fault(`${place || "/"} ${message}${params.additionalProperty ? ` ${params.additionalProperty}` : ""}`);
      }
    }
  }

  // Tells `fault` of all that is wrong; gives what was judged: "error", "answer", or "nothing".
  #judge({ verb, path }, { status, type, body }, fault) {
    const described = this.#document.paths[path]?.[verb.toLowerCase()];
    if (!described) {
      fault("the document has no such operation");
      return "nothing";
    }
    if (status >= 400) {
      this.#apply("/components/schemas/error", JSON.parse(body), fault);
      return "error";
    }
    let expected = String(status);
    if (!described.responses[expected]) {
      const statuses = Object.keys(described.responses);
      fault(`status ${status} instead of ${statuses}`);
      [expected] = statuses;
    }
    const [media, schema] = jsonOf(described.responses[expected]);
    const isJson = type?.startsWith("application/json");
    if (isJson && schema) {
      const place = ["paths", path, verb.toLowerCase(), "responses", expected, "content", media, "schema"];
      this.#apply(`/${place.map(escape).join("/")}`, JSON.parse(body), fault);
      return "answer";
    } else if (isJson || schema) {
      fault(isJson ? "the document knows no JSON here" : "the document wants JSON here");
    }
    return "nothing";
  }

  /** @param {{ name: string, verb: string, path: string }} operation */
  check(operation, call) {
    const { name } = operation;
    const judged = this.#judge(operation, call, (problem) => {
      if (!this.#except(name, problem)) {
        this.faults.push(`${name}: ${problem}`);
      }
    });
    this.errors += judged === "error" ? 1 : 0;
    if (judged === "answer") {
      this.answers += 1;
      this.#seen.add(name);
    }
  }

  /** Operations with an answer that was validated. */
  get validated() {
    return this.#seen.size;
  }

  /** Operations that the document has answer with JSON. */
  get described() {
    return Object.values(this.#document.paths).flatMap((path) => Object.values(path))
      .filter(({ responses }) => Object.values(responses).some((response) => jsonOf(response)[1])).length;
  }

  /** Deviations that are listed, but were not met. */
  get unmet() {
    return deviations.filter((_, index) => !this.#used.has(index)).map(({ problem }) => `not met any more: ${problem}`);
  }

  /**
   * Deviations that the real server's recorded answers do not show.
   * @param {object[]} exchanges
   * @param {(name: string) => { name: string, verb: string, path: string }} operationOf
   */
  unfounded(exchanges, operationOf) {
    return deviations.filter(({ problem, shows }) => {
      const { operation, response: { status, headers, body_text: body } } = exchanges.find(({ id }) => id === shows);
      const found = [];
      const call = { status, type: headers["content-type"], body };
      this.#judge(operationOf(operation), call, (fault) => found.push(fault));
      return !found.includes(problem);
    }).map(({ problem, shows }) => `${shows} does not show: ${problem}`);
  }
}
