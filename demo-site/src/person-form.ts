import { find, make } from './dom.js';
import type { Person } from './messages.js';

/** The form for one Person: a name and any number of e-mail addresses. */
export class PersonForm {
  readonly #name = find('#person-name', HTMLInputElement);
  readonly #list = find('#person-emails', HTMLUListElement);
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
    for (const item of this.#list.querySelectorAll('li')) this.#watchRemove(item);
    const form = find('#person-form', HTMLFormElement);
    form.addEventListener('input', changed);
    form.addEventListener('submit', (event) => event.preventDefault());
    find('#person-add', HTMLButtonElement).addEventListener('click', () => {
      this.#add('').focus();
      changed();
    });
  }

  get value(): Person {
    return { Name: this.#name.value, Emails: this.#inputs().map((input) => input.value) };
  }

  set value(person: Person) {
    this.#name.value = person.Name;
    const inputs = this.#inputs();
    for (const surplus of inputs.slice(person.Emails.length)) surplus.closest('li')?.remove();
    person.Emails.forEach((email, i) => {
      const input = inputs[i];
      if (input) input.value = email;
      else this.#add(email);
    });
  }

  #inputs(): HTMLInputElement[] {
    return [...this.#list.querySelectorAll('input')];
  }

  #add(email: string): HTMLInputElement {
    const input = make('input');
    input.type = 'text';
    input.inputMode = 'email';
    input.autocomplete = 'off';
    input.spellcheck = false;
    input.value = email;
    const remove = make('button', 'button quiet', 'Remove');
    remove.type = 'button';
    const item = make('li', '', input, remove);
    this.#watchRemove(item);
    this.#list.append(item);
    this.#number();
    return input;
  }

  #watchRemove(item: HTMLLIElement): void {
    find('button', HTMLButtonElement, item).addEventListener('click', () => {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      // Removing the focused button would lose the focus.
      (next?.querySelector('button') ?? find('#person-add', HTMLButtonElement)).focus();
      this.#number();
      this.#changed();
    });
  }

  #number(): void {
    this.#inputs().forEach((input, i) => {
      input.setAttribute('aria-label', `E-mail ${i + 1}`);
      input.nextElementSibling?.setAttribute('aria-label', `Remove e-mail ${i + 1}`);
    });
  }
}
