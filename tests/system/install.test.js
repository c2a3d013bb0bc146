// cmake --install, as an integrator types it: what lies where, and whether it fits together.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { BIN, temporaryFolder } from "./lib/gateway.js";

const UNITS = "usr/lib/systemd/system";
const UNIT = `${UNITS}/bellhop.service`;
const CONFIGURATION = "etc/bellhop/bellhop.toml";
const DOCUMENTS = "usr/share/doc/bellhop";
const FILES = {
  "usr/bin/bellhop": 0o755,
  [UNIT]: 0o644,
  "usr/lib/sysusers.d/bellhop.conf": 0o644,
  [CONFIGURATION]: 0o644,
  [`${DOCUMENTS}/LICENSE`]: 0o644,
  [`${DOCUMENTS}/README.md`]: 0o644,
  [`${DOCUMENTS}/README.zh.md`]: 0o644,
  [`${DOCUMENTS}/CHANGELOG.md`]: 0o644,
  [`${DOCUMENTS}/bellhop.toml`]: 0o644,
};

describe("cmake --install", () => {
  let root;
  const at = (path) => join(root, path);
  const text = (path) => readFileSync(at(path), "utf8");
  const install = () =>
    execFileSync("cmake", ["--install", dirname(BIN)], { env: { ...process.env, DESTDIR: root } });
  /** The only line of the unit that sets this. */
  const setting = (name) => {
    const lines = text(UNIT).match(new RegExp(`^${name}=.*$`, "gm"));
    assert.equal(lines?.length, 1, name);
    return lines[0].slice(name.length + 1);
  };

  before(() => {
    root = temporaryFolder();
    install();
  });
  after(() => rmSync(root, { recursive: true }));

  test("puts these files there and no others", () => {
    const found = readdirSync(root, { recursive: true }).filter((path) =>
      statSync(at(path)).isFile(),
    );
    assert.deepEqual(found.sort(), Object.keys(FILES).sort());
    for (const [path, mode] of Object.entries(FILES)) {
      assert.equal((statSync(at(path)).mode & 0o777).toString(8), mode.toString(8), path);
    }
  });

  test("the unit starts the installed program on the installed configuration", () => {
    const [program, flag, file, ...rest] = setting("ExecStart").split(" ");
    assert.deepEqual([flag, rest], ["--config", []]);
    assert.ok(existsSync(at(program)), program);
    assert.ok(existsSync(at(file)), file);
    const checked = execFileSync(at(program), [flag, at(file), "--check-config"], {
      encoding: "utf8",
    });
    assert.equal(checked, "configuration is good: http 0.0.0.0:8080, https 0.0.0.0:8443\n");
    assert.equal(
      `/var/lib/${setting("StateDirectory")}`,
      /^directory = "(.*)"$/m.exec(text(file))[1],
    );
  });

  test("the unit's user is the one that sysusers makes", () => {
    const [kind, name] = text("usr/lib/sysusers.d/bellhop.conf")
      .trim()
      .split("\n")
      .at(-1)
      .split(" ");
    assert.deepEqual([kind, name], ["u", setting("User")]);
  });

  test("systemd finds no fault with the unit", () => {
    const real = `/${UNITS}`;
    for (const name of readdirSync(real).filter((file) => file.endsWith(".target"))) {
      copyFileSync(join(real, name), at(`${UNITS}/${name}`));
    }
    mkdirSync(at("bin"));
    const kill = setting("ExecReload").split(" ")[0].slice(1);
    copyFileSync(`/${kill}`, at(kill));
    chmodSync(at(kill), 0o755);
    const verify = ["verify", "--man=no", `--root=${root}`, "bellhop.service"];
    const { status, stderr } = spawnSync("systemd-analyze", verify, { encoding: "utf8" });
    assert.deepEqual([stderr, status], ["", 0]);
  });

  test("an update replaces everything but a configuration that is there", () => {
    const defaults = text(`${DOCUMENTS}/bellhop.toml`);
    assert.equal(text(CONFIGURATION), defaults);
    appendFileSync(at(CONFIGURATION), "# of this house\n");
    appendFileSync(at(UNIT), "# of this house\n");
    utimesSync(at(UNIT), 0, 0); // CMake goes by the time
    install();
    assert.ok(text(CONFIGURATION).endsWith("# of this house\n"));
    assert.ok(!text(UNIT).includes("of this house"));
    assert.equal(text(`${DOCUMENTS}/bellhop.toml`), defaults);
  });
});
