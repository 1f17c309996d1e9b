import type { Member } from 'demo-messages/channels';

type Change = { readonly kind: 'joined' | 'left'; readonly member: Member };

/** Who is in a room: what the server has said last, and who came and went since it was asked. */
export class MemberList {
  #here = new Map<string, Member>();
  /** Changes since the server was asked. They may be older or newer than its response. */
  #changes: Change[] | undefined;

  /** In the order in which they came. */
  get members(): readonly Member[] {
    return [...this.#here.values()];
  }

  change(change: Change): void {
    this.#changes?.push(change);
    this.#apply(change);
  }

  /** Asks the server. Keeps what is known if it does not answer, or if it was asked again meanwhile. */
  async refresh(ask: () => Promise<readonly Member[]>): Promise<void> {
    const changes: Change[] = [];
    this.#changes = changes;
    const members = await ask();
    if (changes !== this.#changes) return;
    this.#changes = undefined;
    this.#here = new Map(members.map((member) => [member.client, member]));
    for (const change of changes) this.#apply(change);
  }

  clear(): void {
    this.#changes = undefined;
    this.#here.clear();
  }

  #apply({ kind, member }: Change): void {
    if (kind === 'joined') this.#here.set(member.client, member);
    else this.#here.delete(member.client);
  }
}
