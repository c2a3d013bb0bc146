// run [--bin DIR] [NAME...]
// NAME is part of a file's name: `run push rooms`. Exits with the test runner's code.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const AT_A_TIME = 3;
const folder = fileURLToPath(new URL("..", import.meta.url));

const { values, positionals: names } = parseArgs({
  options: { bin: { type: "string" }, only: { type: "string" } },
  allowPositionals: true,
});
const files = readdirSync(folder)
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .map((file) => resolve(folder, file));
if (files.length === 0) {
  console.error(`no test file is called ${names.join(" or ")}`);
  process.exit(2);
}
const only = values.only ? [`--test-name-pattern=${values.only}`] : [];
const env = values.bin ? { ...process.env, BELLHOP_BIN: resolve(values.bin) } : process.env;
const flags = ["--test", "--test-reporter=spec", `--test-concurrency=${AT_A_TIME}`, ...only];
const tests = spawn(process.execPath, [...flags, ...files], { stdio: "inherit", env });
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => tests.kill(signal));
const [code] = await once(tests, "exit");
process.exit(code ?? 1);
