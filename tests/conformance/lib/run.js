// run [--server-cmd CMD | --url URL | --stock] [--only PATTERN]
// Starts the program (default: build/host/bin/bellhop-conformance) on a free port, waits for its
// `ready` line and runs every case; exits with the test runner's code. --stock checks the cases
// themselves on the stock server, less those in which it is known to differ.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { OURS, start, STOCK } from "./servers.js";

const { values } = parseArgs({
  options: {
    "server-cmd": { type: "string" },
    url: { type: "string" },
    stock: { type: "boolean", default: false },
    only: { type: "string" },
  },
});

function command() {
  if (values.stock) return STOCK;
  return values["server-cmd"]?.split(" ") ?? OURS;
}

const server = values.url ? { url: values.url, stop: async () => {} } : await start(command());
const only = values.only ? [`--test-name-pattern=${values.only}`] : [];
const files = ["../cases.test.js", "../clients.test.js"].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
);
const tests = spawn(
  process.execPath,
  ["--test", "--test-reporter=spec", "--test-concurrency=1", ...only, ...files],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      CONFORMANCE_URL: server.url,
      CONFORMANCE_STOCK: values.stock ? "1" : "",
    },
  },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => tests.kill(signal));
const [code] = await once(tests, "exit");
await server.stop();
process.exit(code ?? 1);
