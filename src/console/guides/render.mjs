// The guides as pages: NAME.md is /guides/NAME in English, NAME.zh.md /guides/NAME.zh in Chinese,
// index.md is /guides/. Every link is one the box can follow, or the build fails.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const LANGUAGES = {
  en: { suffix: "", lang: "en", name: "English", navigation: "Guides" },
  zh: { suffix: ".zh", lang: "zh-CN", name: "中文", navigation: "指南" },
};
/** In the order of the navigation. */
const NAMES = ["index", "integrator", "administrator", "backend", "frontend"];
/** Chinese characters and their punctuation: no blank stands where a line of them is broken. */
const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/u;

/** The part of an address behind '#' for a heading, as code hosts make it. */
export const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- ]/gu, "")
    .replaceAll(" ", "-");

const addressOf = (file) => `/guides/${file === "index" ? "" : file}`;
const titleOf = (source) => /^# (.+)$/m.exec(source)[1];

/** Where a link of a Markdown file leads on the box. */
function target(file, href, sources) {
  const guide = /^([\w.]+)\.md(#.*)?$/.exec(href);
  if (guide && sources.has(guide[1])) return addressOf(guide[1]) + (guide[2] ?? "");
  const own = /^http:\/\/BOX:8080(\/.*)$/.exec(href);
  if (own) return own[1];
  if (/^(#|\.\.\/sdk\/README(\.zh)?\.md$)/.test(href)) return href;
  throw new Error(`guides/${file}.md: a link that leads nowhere on the box: ${href}`);
}

/** The renderer's words for what the pages need beyond plain Markdown. */
function rules(sources) {
  const plain = (tokens, i, options, env, self) => self.renderToken(tokens, i, options);
  const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return {
    heading_open(tokens, i, ...rest) {
      const text = tokens[i + 1].children.map(({ content }) => content).join("");
      tokens[i].attrSet("id", anchorOf(text));
      return plain(tokens, i, ...rest);
    },
    link_open(tokens, i, options, env, self) {
      tokens[i].attrSet("href", target(env.file, tokens[i].attrGet("href"), sources));
      return plain(tokens, i, options, env, self);
    },
    softbreak(tokens, i) {
      const [before, after] = [tokens[i - 1]?.content ?? "", tokens[i + 1]?.content ?? ""];
      return WIDE.test(before.slice(-1)) && WIDE.test(after.slice(0, 1)) ? "" : "\n";
    },
    // What may be wider than the page can be scrolled, by keyboard too.
    fence: (tokens, i) => `<pre tabindex="0"><code>${escape(tokens[i].content)}</code></pre>\n`,
    table_open: () => '<div class="scroll" tabindex="0"><table>\n',
    table_close: () => "</table></div>\n",
  };
}

function navigation(file, { suffix }, sources) {
  const link = (name) => {
    const current = name + suffix === file ? ' aria-current="page"' : "";
    return `<a href="${addressOf(name + suffix)}"${current}>${titleOf(sources.get(name + suffix))}</a>`;
  };
  return NAMES.map(link).join("\n");
}

/** `template`: the page as Vite has made it. Returns [{name, html}] of all guides. */
export function renderGuides(MarkdownIt, template) {
  const files = readdirSync(here).filter((name) => name.endsWith(".md"));
  const sources = new Map(
    files.map((name) => [name.slice(0, -3), readFileSync(`${here}/${name}`, "utf8")]),
  );
  const markdown = new MarkdownIt({ linkify: false });
  Object.assign(markdown.renderer.rules, rules(sources));
  const page = (name, language, twin) => {
    const file = name + language.suffix;
    const parts = {
      lang: language.lang,
      title: titleOf(sources.get(file)),
      twin: addressOf(name + twin.suffix),
      twinLang: twin.lang,
      twinName: twin.name,
      navigation: language.navigation,
      guides: navigation(file, language, sources),
      text: markdown.render(sources.get(file), { file }),
    };
    const html = template.replace(/\{\{(\w+)\}\}/g, (_, key) => parts[key]);
    return { name: `guides/${file}.html`, html };
  };
  const { en, zh } = LANGUAGES;
  return NAMES.flatMap((name) => [page(name, en, zh), page(name, zh, en)]);
}
