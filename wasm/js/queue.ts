interface Link<T> {
  item: T;
  next: Link<T> | undefined;
}

/** A FIFO queue: a linked list with removal from the middle. */
export class Queue<T> {
  private head: Link<T> | undefined;
  private tail: Link<T> | undefined;

  get isEmpty(): boolean {
    return this.head === undefined;
  }
  get first(): T | undefined {
    return this.head?.item;
  }

  push(item: T): void {
    const link: Link<T> = { item, next: undefined };
    if (this.tail) this.tail.next = link;
    else this.head = link;
    this.tail = link;
  }

  shift(): T | undefined {
    const link = this.head;
    if (!link) return undefined;
    this.head = link.next;
    if (!this.head) this.tail = undefined;
    return link.item;
  }

  find(test: (item: T) => boolean): T | undefined {
    for (let link = this.head; link; link = link.next) if (test(link.item)) return link.item;
    return undefined;
  }

  remove(item: T): void {
    let before: Link<T> | undefined;
    for (let link = this.head; link; before = link, link = link.next) {
      if (link.item !== item) continue;
      if (before) before.next = link.next;
      else this.head = link.next;
      if (this.tail === link) this.tail = before;
      return;
    }
  }
}
