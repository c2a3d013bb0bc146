// Starting and stopping a server under test: it prints `ready http://ADDR:PORT` once it serves.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const START_MS = 15000;
const STOP_MS = 5000;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export const STOCK = [process.execPath, here("./stock.js")];
export const OURS = [here("../../../build/host/bin/bellhop-conformance")];

/** @returns {Promise<{url: string, stop(): Promise<void>}>} */
export async function start(command) {
  const [program, ...args] = command;
  const child = spawn(program, [...args, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit").then(
    ([code, signal]) => `${program} ended with ${code ?? signal}`,
    (error) => `${program} did not start: ${error.message}`,
  );
  let timer;
  const late = new Promise(
    (resolve) => (timer = setTimeout(resolve, START_MS, `${program} is not ready`)),
  );
  const first = await Promise.race([readyLine(child), ended, late]);
  clearTimeout(timer);
  if (!first.startsWith("http")) {
    child.kill("SIGKILL");
    throw new Error(first);
  }
  return { url: first, stop: () => stop(child, ended) };
}

async function readyLine(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = /^ready (http:\S+)$/.exec(line);
    if (ready) return ready[1];
  }
  return new Promise(() => {}); // the exit tells
}

async function stop(child, ended) {
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(timer);
}
