import { find, make } from './dom.js';
import { loadErrorText } from './format.js';
import type { Page } from './page.js';

/** How far below the window the section is when its code is loaded. */
const margin = '50%';

/** Loads the section with the typed messages, and the XML codec, shortly before it can be seen. */
export function loadPersonWhenSeen(page: Page): void {
  const place = find('#person', HTMLElement);
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      void load(place, page);
    },
    { rootMargin: margin },
  );
  observer.observe(place);
}

async function load(place: HTMLElement, page: Page): Promise<void> {
  try {
    const { startPerson } = await import('./person.js');
    await startPerson(page);
  } catch (error) {
    place.append(make('p', 'error', loadErrorText(error)));
  }
  place.dataset.loaded = 'true';
}
