// The guides and READMEs as their readers have them: examples, links, and a box to try them on.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { BELLHOP, Gateway, runToEnd } from "./gateway.js";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const GUIDES = "src/console/guides";
const readGuides = () => readdirSync(join(ROOT, GUIDES)).filter((name) => name.endsWith(".md"));

/** Names of the guides without language, the README among them. */
export const NAMES = [
  "README",
  ...readGuides()
    .filter((name) => !name.endsWith(".zh.md"))
    .map((name) => `${GUIDES}/${name.slice(0, -3)}`),
];
export const LANGUAGES = { English: ".md", Chinese: ".zh.md" };
/** Examples that need a browser: tests/browser/guides.test.js runs them. */
export const BROWSER = ["page", "modules", "component"].map((name) => `frontend ${name}`);

const COMMENTS = {
  sh: /(^|\s)#.*$/gm,
  toml: /(^|\s)#.*$/gm,
  yaml: /(^|\s)#.*$/gm,
  python: /(^|\s)#.*$/gm,
  js: /(^|\s)\/\/.*$/gm,
  html: /(^|\s)\/\/.*$/gm,
  vue: /(^|\s)\/\/.*$/gm,
};

export class Document {
  constructor(path) {
    this.path = path;
    this.text = readFileSync(join(ROOT, path), "utf8");
    const fences = [...this.text.matchAll(/^```(\w*)(?: ([\w-]+))?\n([^]*?)^```$/gm)];
    this.examples = fences.map(([, language, name, code]) => ({ language, name, code }));
    this.prose = this.text.replace(/^```[^]*?^```$/gm, "");
  }

  /** An example by name. */
  code(name) {
    const found = this.examples.filter((example) => example.name === name);
    assert.equal(found.length, 1, `${this.path}: ${name}`);
    return found[0].code;
  }

  /** What is in `backquotes`. */
  get words() {
    return [...this.prose.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
  }

  get links() {
    return [...this.prose.matchAll(/\]\(([^)]+)\)/g)].map(([, href]) => href);
  }

  /** What may stand behind '#', by the rules of code hosts. */
  get anchors() {
    const headings = [...this.prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
    return headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- ]/gu, "")
        .replaceAll(" ", "-"),
    );
  }

  /** The shape that a translation must keep: headings, rows of tables, examples. */
  get outline() {
    const lines = this.prose.split("\n").filter((line) => /^(#+ |\|)/.test(line));
    return lines.map((line) =>
      line.startsWith("#") ? line.split(" ")[0] : line.split("|").length,
    );
  }

  /** The examples without what their comments say. */
  get bareExamples() {
    return this.examples.map(({ language, name, code }) => ({
      language,
      name,
      code:
        language in COMMENTS ? code.replace(COMMENTS[language], "") : code.replace(/ +# .*$/gm, ""),
    }));
  }
}

export const open = (name, ending = ".md") => new Document(`${name}${ending}`);
export const allDocuments = () =>
  NAMES.flatMap((name) => Object.values(LANGUAGES).map((ending) => open(name, ending)));
export const guide = (name, ending) => open(`${GUIDES}/${name}`, ending);

/** What the commands of a Debian machine do on the box of a test. */
const MACHINE = `set -euo pipefail
sudo() { "$@"; }
chown() { :; }
systemctl() { curl -sf -o /dev/null "$MACHINE/$1"; }
timedatectl() { curl -sf -o /dev/null "$MACHINE/$1/$2"; }
systemd-sysusers() { command systemd-sysusers --root="$DESTDIR"; }
install() {
  local words=()
  while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then shift 2; else words+=("$1"); shift; fi
  done
  command install "\${words[@]}"
}
bellhop() {
  if [ "$1" = token ]; then command "$BELLHOP" "$@" --state "$STATE"; else command "$BELLHOP" "$@"; fi
}
`;

/** A gateway on the configuration that is installed, and the machine around it. */
export class Box {
  told = []; // to systemctl and timedatectl
  env = {};

  static async start() {
    const box = new Box();
    box.gateway = new Gateway({});
    box.folder = join(box.gateway.folder, "desk");
    mkdirSync(box.folder);
    const { stdout } = await runToEnd(["--print-defaults"]);
    box.configure(stdout.replace("/var/lib/bellhop", box.gateway.state));
    box.configure(box.configuration.replace("0.0.0.0:8080", "127.0.0.1:0"));
    box.configure(box.configuration.replace("0.0.0.0:8443", "127.0.0.1:0"));
    await box.up();
    box.machine = http.createServer((request, response) => {
      const failed = (error) => response.writeHead(500).end(error.message);
      box.#obey(request.url).then(() => response.end(), failed);
    });
    await once(box.machine.listen(0, "127.0.0.1"), "listening");
    return box;
  }

  async stop() {
    this.machine.close();
    await this.gateway.stop();
  }

  get configuration() {
    return readFileSync(this.gateway.configFile, "utf8");
  }

  configure(text) {
    writeFileSync(this.gateway.configFile, text);
  }

  async up() {
    this.gateway.env = this.env;
    await this.gateway.run(["--config", this.gateway.configFile]);
  }

  async down() {
    this.gateway.signal("SIGTERM");
    await this.gateway.exited;
  }

  /** Until the log has one more of it. */
  async #reload() {
    const count = (this.gateway.log.match(/event=reloaded/g) ?? []).length;
    this.gateway.signal("SIGHUP");
    await this.gateway.logged(new RegExp(`(event=reloaded[^]*){${count + 1}}`));
  }

  async #obey(url) {
    const [, word, value] = /^\/([\w-]+)(?:\/(.*))?$/.exec(url);
    this.told.push(word);
    if (word === "set-timezone") this.env = { TZ: value };
    if (word === "reload") await this.#reload();
    if (word === "stop" || word === "restart") await this.down();
    if (word === "start" || word === "restart") await this.up();
  }

  get tlsPort() {
    return /scheme=https port=(\d+)/.exec(this.gateway.log)[1];
  }

  /** The text with this box in place of BOX and of a machine's folders. */
  here(text) {
    const { host, port, state, folder } = this.gateway;
    return text
      .replaceAll("BOX:8080", `${host}:${port}`)
      .replaceAll("BOX:8443", `${host}:${this.tlsPort}`)
      .replaceAll("/var/lib/bellhop", state)
      .replaceAll("/var/backups/bellhop", join(folder, "backup"))
      .replaceAll("/etc/bellhop", folder);
  }

  /** Runs a program of the guides in a folder of its own; what it prints. */
  async #run(program, words, env) {
    const address = this.machine.address();
    const machine = {
      MACHINE: `http://127.0.0.1:${address.port}`,
      BELLHOP,
      STATE: this.gateway.state,
    };
    const { stdout } = await promisify(execFile)(program, words, {
      cwd: this.folder,
      env: { ...process.env, BELLHOP_KEY: this.gateway.key, ...machine, ...env },
    });
    return stdout;
  }

  shell(code, env = {}) {
    return this.#run("bash", ["-c", MACHINE + this.here(code)], env);
  }

  python(code, env = {}) {
    return this.#run("python3", ["-c", this.here(code)], env);
  }
}

/** The install example of a guide, into a root of its own: {told: what systemctl was told}. */
export async function runInstall(code, root) {
  const told = join(root, "told");
  const machine = MACHINE.replace(/^systemctl.*$/m, 'systemctl() { echo "$*" >> "$TOLD"; }');
  const build = dirname(dirname(BELLHOP));
  await promisify(execFile)("bash", ["-c", machine + code.replaceAll("build/host", build)], {
    cwd: ROOT,
    env: { ...process.env, DESTDIR: root, TOLD: told },
  });
  return readFileSync(told, "utf8");
}
