// The package that `npm pack` makes: installed, imported, its types, its syntax.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { addClient, SDK, temporaryProject, VERSIONS } from "./lib/modules.js";

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

let project;
before(async () => {
  project = temporaryProject();
  const { stdout } = await run("npm", ["pack", SDK, "--pack-destination", project, "--json"]);
  const [{ filename }] = JSON.parse(stdout);
  writeFileSync(join(project, "package.json"), '{"private":true,"type":"module"}');
  const flags = ["--offline", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", join(project, filename), ...flags], { cwd: project });
});

test("holds the modules, their types and texts, and nothing else", () => {
  const installed = join(project, "node_modules", "bellhop-client");
  const box = (file) => file === "io.box.js";
  assert.deepEqual(
    readdirSync(installed).sort(),
    readdirSync(SDK).filter((file) => !box(file)).sort(),
  );
  const about = JSON.parse(readFileSync(join(installed, "package.json")));
  const { dependencies, peerDependencies } = about;
  assert.equal(dependencies, undefined);
  assert.deepEqual(peerDependencies, { "socket.io-client": ">=2.5 <5" });
});

test("has the version of the gateway", () => {
  const { version } = JSON.parse(readFileSync(join(SDK, "package.json")));
  const [, project_version] = /VERSION ([\d.]+)/.exec(
    readFileSync(here("../../CMakeLists.txt"), "utf8").split(/^project\(/m)[1],
  );
  assert.equal(version, project_version);
});

for (const version of VERSIONS) {
  test(`works once installed beside socket.io-client ${version}`, async () => {
    addClient(project, version);
    const script = `
      import SocketHandle from "bellhop-client/socket.handle";
      import socket from "bellhop-client/socket";
      import * as all from "bellhop-client";
      const handle = new SocketHandle("http://127.0.0.1:9");
      const login = handle.loginRoom("1").catch(({ code }) => code);
      handle.close();
      console.log(JSON.stringify([
        await login, all.SocketHandle === SocketHandle, all.sendMsg === socket.sendMsg,
        all.createSocket("ws://127.0.0.1:9/ws"), Object.keys(all).sort()]));`;
    writeFileSync(join(project, "script.js"), script);
    const { stdout } = await run(process.execPath, ["script.js"], { cwd: project });
    const names = ["SocketHandle", "accept", "call", "cancel", "closeSocket", "createSocket"];
    names.push("decline", "escapeHtml", "hangup", "onCall", "onEvent", "onMissed", "onOnline");
    names.push("onState", "sendMsg");
    const said = JSON.parse(stdout.trim().split("\n").at(-1));
    assert.deepEqual(said, ["closed", true, true, false, names]);
  });
}

for (const resolution of ["bundler", "nodenext", "node10"]) {
  test(`its types fit what pages write: ${resolution}`, async () => {
    const module = resolution === "nodenext" ? "nodenext" : "esnext";
    copyFileSync(here("usage.ts"), join(project, "usage.ts"));
    const tsc = join(createRequire(import.meta.url).resolve("typescript"), "../tsc.js");
    const flags = ["--noEmit", "--strict", "--target", "es2020", "--lib", "es2020"];
    flags.push("--module", module, "--moduleResolution", resolution, "usage.ts");
    const result = await run(process.execPath, [tsc, ...flags], { cwd: project }).catch((e) => e);
    assert.equal(result.stdout, "");
  });
}

test("each types file names exactly what its module exports", async () => {
  for (const name of ["socket", "socket.handle"]) {
    const text = readFileSync(join(SDK, `${name}.d.ts`), "utf8");
    const source = ts.createSourceFile("", text, ts.ScriptTarget.ES2020);
    const exported = source.statements.flatMap((statement) => {
      const words = (statement.modifiers ?? []).map(({ kind }) => kind);
      const value = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
      if (ts.isExportAssignment(statement)) return ["default"];
      return value && words.includes(ts.SyntaxKind.ExportKeyword) ? [statement.name.text] : [];
    });
    const script = `console.log(Object.keys(await import("bellhop-client/${name}")).join())`;
    const flags = ["--input-type=module", "-e", script];
    const { stdout } = await run(process.execPath, flags, { cwd: project });
    assert.deepEqual([...new Set(exported)].sort(), stdout.trim().split(",").sort());
  }
});

test("needs no syntax newer than ES2018, which webpack 4 reads too", () => {
  const print = (text, target) => {
    const compilerOptions = { target, module: ts.ModuleKind.ESNext };
    return ts.transpileModule(text, { compilerOptions }).outputText;
  };
  for (const file of readdirSync(SDK).filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(join(SDK, file), "utf8");
    assert.equal(print(text, ts.ScriptTarget.ES2018), print(text, ts.ScriptTarget.ESNext), file);
  }
});
