import { TwinsocketError } from '../errors.js';
import type { StructMember, XmlBranches, XmlNames } from './shape.js';

type Branches = Map<string, StructMember | XmlBranches>;

/** Finds the names of the members in XML. Throws for names that are not unique. */
export function xmlNames(members: readonly StructMember[]): XmlNames {
  const attributes = new Map<string, StructMember>();
  const branches: Branches = new Map();
  let content: StructMember | undefined;
  for (const member of members) {
    const { form } = member.options;
    if (form === 'element') addElement(member, branches);
    else if (!member.shape.isScalar) throw structError(`the ${form} ${member.name} is not a single value`);
    else if (form === 'content') {
      if (content) throw structError(`both ${content.name} and ${member.name} are content`);
      content = member;
    } else {
      const name = nameOf(member);
      if (attributes.has(name)) throw structError(`two attributes are called ${name}`);
      attributes.set(name, member);
    }
  }
  return { attributes, content, branches };
}

function addElement(member: StructMember, root: Branches): void {
  let branches = root;
  const path = pathOf(member);
  path.forEach((step, i) => {
    const there = branches.get(step);
    const isLast = i + 1 === path.length;
    if (there && (isLast || !(there instanceof Map)))
      throw structError(`two members use the element ${path.slice(0, i + 1).join('>')}`);
    const next = isLast ? member : (there ?? new Map());
    branches.set(step, next);
    if (next instanceof Map) branches = next;
  });
}

export function nameOf({ name, options }: StructMember): string {
  return options.xmlName ?? name;
}
/** The names of the enclosing elements of a member, and its own. */
export function pathOf(member: StructMember): string[] {
  return nameOf(member).split('>');
}

function structError(text: string): TwinsocketError {
  return new TwinsocketError('invalid_argument', `invalid struct: ${text}`);
}
