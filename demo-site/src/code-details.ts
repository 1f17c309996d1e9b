import { make } from './dom.js';
import { loadErrorText } from './format.js';

/** Loads the code of a section when its details are opened for the first time. */
export function prepareCodeDetails(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details.code'))
    details.addEventListener('toggle', () => void load(details), { once: true });
}

async function load(details: HTMLDetailsElement): Promise<void> {
  try {
    const { showSamples } = await import('./code-samples.js');
    showSamples(details, details.dataset.section ?? '');
  } catch (error) {
    details.append(make('p', 'error', loadErrorText(error)));
  }
}
