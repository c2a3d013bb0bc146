// The client modules as a project has them: as a package, beside a socket.io-client.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const SDK = here("../../../src/console/sdk");
const CLIENTS = { 2.5: "socket.io-client-2", 3.1: "socket.io-client-3", 4.8: "socket.io-client-4" };
export const VERSIONS = Object.keys(CLIENTS);

const folders = [];
process.once("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true })));

export function temporaryProject() {
  const folder = mkdtempSync(join(tmpdir(), "bellhop-sdk-"));
  folders.push(folder);
  return folder;
}

/** Puts the pinned client of this version where `import "socket.io-client"` finds it. */
export function addClient(project, version) {
  const link = join(project, "node_modules", "socket.io-client");
  rmSync(link, { force: true });
  symlinkSync(here(`../../node_modules/${CLIENTS[version]}`), link);
}

export async function importHandle(version) {
  const project = temporaryProject();
  const modules = join(project, "node_modules", "bellhop-client");
  mkdirSync(modules, { recursive: true });
  cpSync(SDK, modules, { recursive: true });
  addClient(project, version);
  return import(pathToFileURL(join(modules, "socket.handle.js")).href);
}

let copies = 0;
/** socket.js with a state of its own: another page. */
export function importSocket() {
  copies += 1;
  return import(`${pathToFileURL(join(SDK, "socket.js")).href}?${copies}`);
}
