/** Finds an element. Throws if the page does not have it, which is a bug. */
export function find<T extends Element>(selector: string, type: abstract new () => T, root: ParentNode = document): T {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} at ${selector}`);
  return found;
}

/** Creates an element with a class and children. Strings become text nodes, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Sets the text if it differs, because a live region announces every write, even of the same text. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The value of the checked radio button of a group. */
export function chosen(name: string): string {
  return find(`input[name="${name}"]:checked`, HTMLInputElement).value;
}

export function onChosen(name: string, listener: (value: string) => void): void {
  for (const radio of document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)) {
    radio.addEventListener('change', () => listener(radio.value));
  }
}

/** Marks a button as unusable. It keeps the focus, which it would lose with the attribute `disabled`. */
export function setBusy(button: HTMLButtonElement, busy: boolean): void {
  button.setAttribute('aria-disabled', String(busy));
}

export function isBusy(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-disabled') === 'true';
}
