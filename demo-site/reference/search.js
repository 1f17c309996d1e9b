// The search of the documentation: the index is loaded with the first character.

const form = document.querySelector('form.search');
const input = form.querySelector('input');
const found = document.querySelector('#found');
const count = document.querySelector('#found-count');
const shown = 12;
let index;
let latest = 0;

// The address of the index is relative to the page.
const load = () => (index ??= import(new URL(form.dataset.index, document.baseURI).href));

function item(result) {
  const entry = document.createElement('li');
  const link = document.createElement('a');
  link.href = result.url;
  link.textContent = result.title;
  const text = document.createElement('p');
  // The excerpt marks what was found with <mark>; everything else in it is text.
  for (const [number, part] of result.excerpt.split(/<\/?mark>/).entries()) {
    const piece = document.createElement(number % 2 ? 'mark' : 'span');
    piece.textContent = new DOMParser().parseFromString(part, 'text/html').body.textContent;
    text.append(piece);
  }
  entry.append(link, text);
  return entry;
}

async function search() {
  const own = ++latest;
  const query = input.value.trim();
  if (query === '') {
    found.hidden = true;
    count.textContent = '';
    return;
  }
  const { results } = await (await load()).search(query);
  const pages = await Promise.all(results.slice(0, shown).map((one) => one.data()));
  if (own !== latest) return;
  // The best place of each page.
  const all = pages.map((page) => {
    const place = page.sub_results[0] ?? page;
    const title = page.meta.title === place.title ? place.title : `${page.meta.title}: ${place.title}`;
    return { url: place.url ?? page.url, title, excerpt: place.excerpt ?? page.excerpt };
  });
  found.replaceChildren(...all.map(item));
  found.hidden = all.length === 0;
  count.textContent = results.length === 0 ? `Nothing found for ${query}` : `${results.length} pages found`;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  found.querySelector('a')?.focus();
});
input.addEventListener('input', () => void search());
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !found.hidden) {
    found.hidden = true;
    input.focus();
  } else if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    input.focus();
  }
});

// On a narrow page the list of pages is closed at first.
if (matchMedia('(max-width: 800px)').matches) document.querySelector('details.pages').open = false;
