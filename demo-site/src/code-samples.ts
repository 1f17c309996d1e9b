import samples, { type Sample } from 'virtual:samples';
import './style/code.css';
import { make, setText } from './dom.js';

/** How long a button says that the code was copied, in milliseconds. */
const copiedTime = 2000;

/** Fills the part of a section that shows its code. */
export function showSamples(place: HTMLElement, section: string): void {
  const columns = make('div', 'samples', ...(samples[section] ?? []).map(show));
  place.append(columns);
}

function show({ language, file, code }: Sample): HTMLElement {
  const text = make('code', '', code);
  const block = make('pre', '', text);
  block.tabIndex = 0;
  block.setAttribute('role', 'region');
  block.setAttribute('aria-label', `${language}: ${file}`);
  const caption = make('figcaption', '', make('span', '', language), make('code', '', file));
  // Only pages that were loaded securely, or from this machine, may write to the clipboard.
  if (navigator.clipboard) caption.append(copyButton(code, language));
  return make('figure', '', caption, block);
}

function copyButton(code: string, language: string): HTMLElement {
  const button = make('button', 'button quiet small', 'Copy');
  button.type = 'button';
  button.setAttribute('aria-label', `Copy: ${language}`);
  const outcome = make('span', 'note');
  outcome.setAttribute('role', 'status');
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(code).then(
      () => setText(outcome, 'copied'),
      () => setText(outcome, 'the browser does not allow it'),
    );
    setTimeout(() => setText(outcome, ''), copiedTime);
  });
  return make('span', 'copy', outcome, button);
}
