// Markdown files as sections, and sections as HTML.

import hljs from 'highlight.js/lib/common';
import cmake from 'highlight.js/lib/languages/cmake';
import nginx from 'highlight.js/lib/languages/nginx';
import { Marked } from 'marked';

hljs.registerLanguage('cmake', cmake);
hljs.registerLanguage('nginx', nginx);

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeHtml = (text) => text.replace(/[&<>"]/g, (character) => escapes[character]);

/** The anchor of a heading, as GitHub makes it. */
export function slug(title) {
  return title
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

/** Splits a file before each heading of level 1 and 2. The first section has the title '' and the text before the first. */
export function sectionsOf(markdown) {
  const sections = [{ title: '', lines: [] }];
  let fence;
  for (const line of markdown.split('\n')) {
    const mark = /^(```|~~~)/.exec(line)?.[1];
    if (mark && (fence === undefined || fence === mark)) fence = fence === undefined ? mark : undefined;
    const heading = fence === undefined && /^(#{1,2}) (.+)$/.exec(line);
    // The first heading is the title of the file.
    if (heading && heading[1] === '#' && sections.length === 1 && sections[0].lines.join('').trim() === '') continue;
    if (heading) sections.push({ title: heading[2], lines: [] });
    else sections.at(-1).lines.push(line);
  }
  return sections.map(({ title, lines }) => ({ title, text: lines.join('\n').trim() }));
}

/** The anchors of the headings below a section. */
export function anchorsOf(text) {
  const without = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
  return [...without.matchAll(/^#{3,6} (.+)$/gm)].map(([, title]) => slug(title));
}

/**
 * Renders Markdown. `link` is given each relative address and returns what to link to, or undefined for none. Headings get an
 * anchor that is unique within `used`; `## Title {#anchor}` has that one.
 */
export function render(markdown, { link, used = new Set() }) {
  const headings = [];
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth, text }) {
        const given = /^(.*?)(?: \{#([^}]+)\})?$/.exec(text);
        const own = slug(given[1].replace(/[`*]/g, ''));
        let id = given[2] ?? own;
        for (let number = 1; used.has(id); number += 1) id = `${own}-${number}`;
        used.add(id);
        const html = this.parser.parseInline(tokens).replace(/ \{#[^}]+\}$/, '');
        headings.push({ depth, id, html });
        return `<h${depth} id="${escapeHtml(id)}">${html} <a class="anchor" href="#${escapeHtml(id)}" aria-label="Link to this section" data-pagefind-ignore>#</a></h${depth}>\n`;
      },
      code({ text, lang }) {
        const language = hljs.getLanguage(lang ?? '') ? lang : undefined;
        const html = language ? hljs.highlight(text, { language }).value : escapeHtml(text);
        return `<pre tabindex="0"><code>${html}</code></pre>\n`;
      },
      link({ href, tokens }) {
        const html = this.parser.parseInline(tokens);
        if (/^[a-z]+:/.test(href)) return `<a href="${escapeHtml(href)}">${html}</a>`;
        const target = link(href);
        return target === undefined ? html : `<a href="${escapeHtml(target)}">${html}</a>`;
      },
      image({ href, text }) {
        return `<img src="${escapeHtml(link(href) ?? href)}" alt="${escapeHtml(text)}">`;
      },
      table(token) {
        const cell = (one, tag) =>
          `<${tag}${one.align ? ` class="${one.align}"` : ''}>${this.parser.parseInline(one.tokens)}</${tag}>`;
        const row = (cells, tag) => `<tr>${cells.map((one) => cell(one, tag)).join('')}</tr>`;
        return `<div class="table" tabindex="0" role="group" aria-label="Table"><table><thead>${row(token.header, 'th')}</thead><tbody>${token.rows.map((one) => row(one, 'td')).join('')}</tbody></table></div>\n`;
      },
    },
  });
  return { html: marked.parse(markdown), headings };
}
