import { find, isBusy, setBusy, setText } from './dom.js';
import { loadErrorText } from './format.js';
import type { Page } from './page.js';

/** Loads the code of the measurement at its first use. */
export function prepareSpeed(page: Page): void {
  const button = find('#speed-start', HTMLButtonElement);
  const loaded = new AbortController();
  const load = async (): Promise<void> => {
    if (isBusy(button)) return;
    setBusy(button, true);
    try {
      const { SpeedSection } = await import('./speed.js');
      loaded.abort();
      new SpeedSection(page).start();
    } catch (error) {
      setText(find('#speed-status', HTMLElement), loadErrorText(error));
    }
    setBusy(button, false);
  };
  button.addEventListener('click', () => void load(), { signal: loaded.signal });
}
