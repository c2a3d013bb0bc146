// The guides and READMEs: both languages say the same, and whatever they name is there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "yaml";
import { Gateway, runToEnd } from "./lib/gateway.js";
import { Document, LANGUAGES, NAMES, ROOT, allDocuments, guide, open } from "./lib/guides.js";

const all = allDocuments();
const SDK = [
  new Document("src/console/sdk/README.md"),
  new Document("src/console/sdk/README.zh.md"),
];

let gateway;
before(async () => {
  gateway = await Gateway.start();
});
after(() => gateway.stop());

for (const name of NAMES) {
  test(`${name}: both languages have the same examples, headings, tables and terms`, () => {
    const [english, chinese] = Object.values(LANGUAGES).map((ending) => open(name, ending));
    assert.deepEqual(chinese.bareExamples, english.bareExamples);
    assert.deepEqual(chinese.outline, english.outline);
    const terms = ({ words }) =>
      [...new Set(words)].filter((word) => !/ready:|就绪：/i.test(word)).sort();
    assert.deepEqual(terms(chinese), terms(english));
    const twin = (href) => href.replace(".zh.md", ".md").replace(/#.*/, "");
    assert.deepEqual(chinese.links.map(twin).sort(), english.links.map(twin).sort());
  });
}

for (const document of [...all, ...SDK]) {
  test(`${document.path}: every link leads somewhere`, async () => {
    for (const href of document.links) {
      if (href.startsWith("http://BOX:8080/")) {
        const { status } = await gateway.request(href.replace("http://BOX:8080", ""));
        assert.equal(status, 200, href);
        continue;
      }
      const [path, anchor] = href.split("#");
      const file = path === "" ? document.path : normalize(join(dirname(document.path), path));
      assert.ok(existsSync(join(ROOT, file)), `${href}: no ${file}`);
      if (anchor !== undefined) assert.ok(new Document(file).anchors.includes(anchor), href);
    }
  });
}

test("the served pages: every link leads somewhere", async () => {
  const pages = new Map();
  const load = async (path) => {
    if (!pages.has(path)) pages.set(path, await gateway.request(path));
    const page = pages.get(path);
    assert.equal(page.status, 200, path);
    return page.text;
  };
  const linksOf = (text) =>
    [...text.replace(/<pre[^]*?<\/pre>/g, "").matchAll(/(?:href|src)="([^"]+)"/g)].map(
      ([, href]) => href,
    );
  const waiting = ["/guides", "/guides/"];
  for (const path of waiting) {
    for (const href of linksOf(await load(path))) {
      const { pathname, hash, origin } = new URL(href, `http://box${path}`);
      assert.equal(origin, "http://box", href);
      const text = await load(pathname);
      if (hash)
        assert.ok(text.includes(`id="${decodeURIComponent(hash.slice(1))}"`), `${path}: ${href}`);
      if (pathname.startsWith("/guides/") && !waiting.includes(pathname)) waiting.push(pathname);
    }
  }
  assert.equal(waiting.length, 1 + 2 * (NAMES.length - 1), waiting.join());
});

describe("what they name is there", () => {
  const named = (pattern) => {
    const found = new Set();
    for (const { text } of all) for (const [word] of text.matchAll(pattern)) found.add(word);
    return [...found];
  };

  test("options", async () => {
    const { stdout } = await runToEnd(["--print-defaults"]);
    const options = new Set();
    let section;
    for (const line of stdout.split("\n")) {
      section = /^\[(\w+)\]/.exec(line)?.[1] ?? section;
      options.add(`${section}.${/^(\w+) = /.exec(line)?.[1]}`);
    }
    const sections = [...new Set([...options].map((option) => option.split(".")[0]))].join("|");
    const names = named(new RegExp(`(?<=\`)(?:${sections})\\.\\w+(?=[\` ])`, "g")).filter(
      (name) => !/\.(key|crt|zh|js|md)$/.test(name),
    );
    assert.ok(names.length > 10, names.join());
    for (const name of names) assert.ok(options.has(name), name);
  });

  test("metrics, and the tables they speak of", async () => {
    const { text } = await gateway.request("/metrics");
    const names = named(/bellhop_\w+/g);
    assert.ok(names.length >= 5, names.join());
    for (const name of names) assert.ok(text.includes(`# HELP ${name} `), name);
    const [english] = all.filter(({ path }) => path.endsWith("administrator.md"));
    const tables = /\*\*Fixed tables[^]*?\n\n/
      .exec(english.text)[0]
      .match(/(?<=`)[a-z]+(_[a-z]+)?(?=`)/g);
    assert.ok(tables.length >= 5, tables.join());
    for (const table of tables) assert.ok(text.includes(`{table="${table}"}`), table);
  });

  test("paths of the API", async () => {
    const document = parse((await gateway.request("/api/v1/openapi.yaml")).text);
    const known = Object.keys(document.paths).map(
      (path) => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
    );
    const names = named(/(?<=[ `0])\/(?:api|health|metrics|push)[\w./]*\w/g);
    assert.ok(names.length >= 10, names.join());
    for (const name of names)
      assert.ok(
        known.some((path) => path.test(name)),
        name,
      );
  });

  test("error codes, each in the table of the back end", async () => {
    const document = parse((await gateway.request("/api/v1/openapi.yaml")).text);
    const { code } = document.components.schemas.Error.properties.error.properties;
    for (const ending of Object.values(LANGUAGES)) {
      const words = new Set(guide("backend", ending).words);
      for (const word of code.enum) assert.ok(words.has(word), word);
    }
  });

  test("flags and commands of the program", async () => {
    const { stdout } = await runToEnd(["--help"]);
    const lines = named(/(?<=\n|`|sudo )bellhop (?:token \w+|--)[^\n`]*/g);
    assert.ok(lines.length >= 5, lines.join("\n"));
    for (const line of lines) {
      for (const flag of line.match(/--[\w-]+/g) ?? [])
        assert.ok(stdout.includes(`  ${flag} `), line);
      const [command] = line.match(/^bellhop token \w+/) ?? [];
      if (command) assert.ok(stdout.includes(command), line);
    }
  });

  test("events of the log", () => {
    const source = (file) => readFileSync(join(ROOT, "src", file), "utf8");
    const sources = ["store/recorder.cpp", "store/sqlite_database.cpp", "program.cpp"]
      .map(source)
      .join("");
    const names = named(/\b(?:store|reload)_\w+(?=`)/g);
    assert.ok(names.length >= 3, names.join());
    for (const name of names) assert.ok(sources.includes(`"${name}"`), name);
  });
});
