// Reads every script below a folder and links it with what it imports, as a browser does before it runs any.
// Says what cannot be read, is not there, or is imported by a name that nobody exports.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";

const root = path.resolve(process.argv[2]);
// The server writes it from its list of events.
const written = new Map([["shared/event-types.js", "export const eventTypes = [];"]]);
const modules = new Map();

function load(file) {
  if (!modules.has(file)) {
    const name = path.relative(root, file);
    modules.set(file, new vm.SourceTextModule(written.get(name) ?? fs.readFileSync(file, "utf8"), { identifier: file }));
  }
  return modules.get(file);
}

for (const name of fs.readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".js"))) {
  try {
    const script = load(path.join(root, name));
    if (script.status === "unlinked") await script.link((wanted, from) => load(path.resolve(path.dirname(from.identifier), wanted)));
  } catch (error) {
    process.exitCode = 1;
    console.error(name, error.stack.split("\n").slice(0, 5).join("\n"));
  }
}
