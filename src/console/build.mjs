// The pages, by Vite: build.mjs --packages NODE_MODULES --out FOLDER
// Every *.html of this folder becomes a page: index.html is `/`, NAME.html is `/NAME`, but for
// guides.html, in which the guides are put. FOLDER gets dist/ with what browsers load, pages.S with
// its bytes and pages.inc with a line for each file.
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { renderGuides } from "./guides/render.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
const ASSETS = "assets";
const here = fileURLToPath(new URL(".", import.meta.url));

const { values } = parseArgs({
  options: { packages: { type: "string" }, out: { type: "string" } },
});
const packages = realpathSync(values.packages);
const out = resolve(values.out);
const dist = join(out, "dist");
/** A file that sees the packages. */
const neighbour = join(packages, "../package.json");

/** Packages are not beside the sources, where Vite would look for them. */
const fromPackages = {
  name: "from-packages",
  enforce: "pre",
  resolveId(source, importer, options) {
    if (!/^[@a-z]/.test(source) || importer?.startsWith(packages)) return null;
    return this.resolve(source, neighbour, { ...options, skipSelf: true });
  },
};

const load = (file) => import(pathToFileURL(join(packages, file)));

async function bundle() {
  const { build } = await load("vite/dist/node/index.js");
  const { default: vue } = await load("@vitejs/plugin-vue/dist/index.mjs");
  const pages = readdirSync(here).filter((name) => name.endsWith(".html"));
  await build({
    root: here,
    configFile: false,
    envFile: false,
    publicDir: false,
    cacheDir: join(out, "cache"),
    logLevel: "warn",
    plugins: [fromPackages, vue()],
    // Vite's plugin wants one vue, that beside the sources.
    resolve: { alias: { vue: join(packages, "vue/dist/vue.runtime.esm-bundler.js") } },
    define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false },
    build: {
      outDir: dist,
      emptyOutDir: true,
      assetsDir: ASSETS,
      assetsInlineLimit: 0, // the pages' policy allows no data: addresses
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rollupOptions: { input: pages.map((name) => join(here, name)) },
    },
  });
}

/** The page Vite has made for all guides becomes one for each; /guides is the same as /guides/. */
async function guides() {
  const { default: MarkdownIt } = await load("markdown-it/index.mjs");
  const template = join(dist, "guides.html");
  mkdirSync(join(dist, "guides"));
  for (const { name, html } of renderGuides(MarkdownIt, readFileSync(template, "utf8"))) {
    writeFileSync(join(dist, name), html);
  }
  copyFileSync(join(dist, "guides/index.html"), template);
}

/** What browsers load, in an order that depends on nothing but the names. */
function files() {
  const all = readdirSync(dist, { recursive: true });
  return all.filter((name) => extname(name) !== "").sort();
}

/** index.html answers for its folder. */
const addressOf = (name) => `/${name.replace(/(^|(?<=\/))index\.html$|\.html$/, "")}`;

const incbin = (symbol, file) =>
  `  .global ${symbol}\n  .balign 16\n${symbol}:\n  .incbin "${file}"\n  .byte 0\n`;

/** One file in both forms, as assembler and as a row of the table in embedded_files.cpp. */
function embed(name, number) {
  const type = TYPES[extname(name)];
  if (!type) throw new Error(`${name}: no media type for it; add one to TYPES`);
  const plain = readFileSync(join(dist, name));
  const gzip = gzipSync(plain, { level: 9 });
  const compressed = join(out, "gzip", `${number}.gz`);
  writeFileSync(compressed, gzip);
  const symbol = `bellhop_page_${number}`;
  const kind = name.endsWith(".html") ? "kBuiltPage, kCheckAgain" : "kNone, kKeepForEver";
  return {
    assembler: incbin(symbol, join(dist, name)) + incbin(`${symbol}_gzip`, compressed),
    row:
      `BELLHOP_PAGE(${symbol}, "${addressOf(name)}", "${type}", ` +
      `${plain.length}, ${gzip.length}, ${kind})\n`,
  };
}

await bundle();
await guides();
mkdirSync(join(out, "gzip"), { recursive: true });
const rows = files().map(embed);
const all = (part) => rows.map((row) => row[part]).join("");
writeFileSync(
  join(out, "pages.S"),
  `  .section .rodata\n${all("assembler")}  .section .note.GNU-stack,"",%progbits\n`,
);
writeFileSync(join(out, "pages.inc"), all("row"));
