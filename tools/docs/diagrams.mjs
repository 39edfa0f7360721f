// Draws docs/diagrams/*.mmd as SVG beside them. Each image carries the SHA-256 of its source, by
// which --check finds the stale ones without drawing anything: no two browsers draw the same bytes.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'docs', 'diagrams');
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.mmd'))
  .sort()
  .map((name) => join(folder, name));

const imageOf = (source) => source.replace(/\.mmd$/, '.svg');
const hashOf = (text) => createHash('sha256').update(text).digest('hex');
const stamp = (hash) => `<!-- drawn from a source with SHA-256 ${hash} -->`;

function isStale(source) {
  const image = imageOf(source);
  const expected = stamp(hashOf(readFileSync(source, 'utf8')));
  return !existsSync(image) || !readFileSync(image, 'utf8').includes(expected);
}

async function draw(stale) {
  const { launchChromium } = await import('../chromium.mjs');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent('<!doctype html><body></body>');
    const library = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
    await page.addScriptTag({ path: library });
    for (const source of stale) {
      const text = readFileSync(source, 'utf8');
      const svg = await page.evaluate(async (definition) => {
        // Text as SVG text, in a wide font, so that it fits wherever the image is shown.
        window.mermaid.initialize({
          startOnLoad: false,
          deterministicIds: true,
          htmlLabels: false,
          flowchart: { htmlLabels: false, useMaxWidth: false, wrappingWidth: 400 },
          theme: 'neutral',
          fontFamily: 'DejaVu Sans, Verdana, sans-serif',
        });
        const drawn = await window.mermaid.render('diagram', definition);
        return drawn.svg;
      }, text);
      const background = svg.replace(/style="/, 'style="background: white; ');
      writeFileSync(imageOf(source), `${stamp(hashOf(text))}\n${background}\n`);
      console.log(`drew ${relative(root, imageOf(source))}`);
    }
  } finally {
    await browser.close();
  }
}

const stale = sources.filter(isStale);
if (!process.argv.includes('--check')) {
  if (stale.length > 0) await draw(stale);
} else if (stale.length > 0) {
  const names = stale.map((source) => relative(root, imageOf(source))).join(', ');
  console.error(`Stale: ${names}. Remedy: make diagrams`);
  process.exitCode = 1;
}
