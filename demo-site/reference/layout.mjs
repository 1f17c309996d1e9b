// The frame of every page of the documentation.

import { groups } from './pages.mjs';
import { escapeHtml } from './markdown.mjs';

export const references = [
  { name: 'cpp/index', title: 'C++: classes' },
  { name: 'cpp/namespacetwinsocket', title: 'C++: functions' },
  { name: 'js/twinsocket', title: 'JavaScript: twinsocket' },
  { name: 'js/channels', title: 'JavaScript: twinsocket/channels' },
  { name: 'js/shared', title: 'JavaScript: twinsocket/shared' },
];

function navigation(current, root) {
  const list = (title, pages) =>
    `<p class="group">${title}</p><ul>${pages
      .map(
        (page) =>
          `<li><a href="${root}${page.name}.html"${page.name === current ? ' aria-current="page"' : ''}>${escapeHtml(page.title)}</a></li>`,
      )
      .join('')}</ul>`;
  return [...groups.map(({ title, pages }) => list(title, pages)), list('Reference', references)].join('\n');
}

/** What is before the content. `root` is the relative address of the folder docs/, with a slash. */
export function head({ name, title, root, styles = [] }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · twinsocket</title>
<link rel="icon" type="image/svg+xml" href="${root}favicon.svg">
${styles.map((style) => `<link rel="stylesheet" href="${root}${style}">\n`).join('')}<link rel="stylesheet" href="${root}docs.css">
<script type="module" src="${root}search.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<p class="brand"><a href="${root}index.html">twinsocket</a> <span>documentation</span></p>
<form class="search" role="search" data-index="${root}pagefind/pagefind.js">
<label for="query">Search</label> <input id="query" type="search" autocomplete="off" spellcheck="false" aria-controls="found">
</form>
</header>
<ol id="found" class="found" aria-label="Found" hidden></ol>
<p class="visually-hidden" id="found-count" role="status"></p>
<div class="columns">
<nav aria-label="Pages">
<details class="pages" open><summary>Pages</summary>
${navigation(name, root)}
</details>
</nav>
<main id="content" tabindex="-1" data-pagefind-body>
`;
}

export const foot = `</main>
</div>
</body>
</html>
`;
