// run [--bin DIR [--emulator PROGRAM]] [--only PATTERN] [NAME...]
// NAME is part of a file's name: `run push rooms`. Exits with the test runner's code.
// A program for a box needs an emulator, and is static: no library can be loaded into it that counts
// its heap calls or plays a machine. What the files about those and about an installation on Debian
// look at is the host's; tests/firmware looks at the box's watchdog and clock.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const AT_A_TIME = 3;
const OF_THE_HOST = ["heap", "clock", "machine", "guides", "install"];
const folder = fileURLToPath(new URL("..", import.meta.url));

const { values, positionals: names } = parseArgs({
  options: {
    bin: { type: "string" },
    emulator: { type: "string" },
    only: { type: "string" },
  },
  allowPositionals: true,
});
const files = readdirSync(folder)
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => !values.emulator || !OF_THE_HOST.some((word) => file.includes(word)))
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .map((file) => resolve(folder, file));
if (files.length === 0) {
  console.error(`no test file is called ${names.join(" or ")}`);
  process.exit(2);
}
const only = values.only ? [`--test-name-pattern=${values.only}`] : [];
const env = {
  ...process.env,
  ...(values.bin && { BELLHOP_BIN: resolve(values.bin) }),
  ...(values.emulator && { BELLHOP_EMULATOR: values.emulator }),
};
const flags = ["--test", "--test-reporter=spec", `--test-concurrency=${AT_A_TIME}`, ...only];
const tests = spawn(process.execPath, [...flags, ...files], { stdio: "inherit", env });
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => tests.kill(signal));
const [code] = await once(tests, "exit");
process.exit(code ?? 1);
