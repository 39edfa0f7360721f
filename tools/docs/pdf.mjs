// Builds README.md and docs/*.md as one PDF, docs/build/ocppsim.pdf.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Marked } from 'marked';
import { launchChromium } from '../chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const docs = join(root, 'docs');
const build = join(docs, 'build');

// What to read first comes first; the rest follows by name.
const first = ['architecture.md'];
const others = readdirSync(docs)
  .filter((name) => name.endsWith('.md') && !first.includes(name))
  .sort();
const pages = [join(root, 'README.md'), ...[...first, ...others].map((name) => join(docs, name))];

const anchorOf = (path) => relative(root, path).replaceAll(/[^A-Za-z0-9]+/g, '-');

const isElsewhere = (href) => /^([a-z]+:|#|\/\/)/i.test(href);

/** HTML of one page; links to other pages become links within the document. */
function render(path) {
  const marked = new Marked({ gfm: true });
  marked.use({
    walkTokens(token) {
      if ((token.type !== 'link' && token.type !== 'image') || isElsewhere(token.href)) return;
      const target = resolve(dirname(path), token.href.split('#')[0]);
      token.href =
        token.type === 'link' && pages.includes(target)
          ? `#${anchorOf(target)}`
          : pathToFileURL(target).href;
    },
  });
  const html = marked.parse(readFileSync(path, 'utf8'));
  return `<section id="${anchorOf(path)}">\n${html}</section>`;
}

const style = `
  @page { size: A4; margin: 18mm 16mm; }
  body { font: 10.5pt/1.5 'DejaVu Sans', Verdana, sans-serif; color: #1a1b1e; }
  section { break-before: page; }
  section:first-of-type { break-before: auto; }
  h1 { font-size: 20pt; } h2 { font-size: 14pt; } h3 { font-size: 11.5pt; }
  h1, h2, h3 { break-after: avoid; line-height: 1.25; }
  pre, code { font-family: 'DejaVu Sans Mono', monospace; font-size: 8.5pt; }
  code { background: #f1f3f5; padding: 0 2px; }
  pre { background: #f1f3f5; padding: 8px; white-space: pre-wrap; break-inside: avoid; }
  table { border-collapse: collapse; width: 100%; font-size: 8.5pt; }
  th, td { border: 1px solid #ced4da; padding: 3px 6px; text-align: left; vertical-align: top; }
  td { overflow-wrap: anywhere; }
  tr, img { break-inside: avoid; }
  img { max-width: 100%; }
  section:first-of-type img { max-height: 95mm; }
  a { color: #1864ab; text-decoration: none; }
`;

const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>OCPP Charger Simulator</title>
<style>${style}</style></head><body>
${pages.map(render).join('\n')}
</body></html>`;

mkdirSync(build, { recursive: true });
const source = join(build, 'ocppsim.html');
writeFileSync(source, html);

const browser = await launchChromium();
try {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(source).href, { waitUntil: 'load' });
  const missing = await page.evaluate(() =>
    [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.src),
  );
  if (missing.length > 0) throw new Error(`images that do not load: ${missing.join(', ')}`);
  const output = join(build, `${basename(source, extname(source))}.pdf`);
  await page.pdf({
    path: output,
    format: 'A4',
    printBackground: true,
    outline: true,
    tagged: true,
  });
  console.log(`wrote ${relative(root, output)} (${pages.length} documents)`);
} finally {
  await browser.close();
}
