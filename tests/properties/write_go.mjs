// Writes those drawn types that Go can represent as Go structs, with the same names in their tags.

const integer = ({ bits, signed }) => `${signed ? '' : 'u'}int${bits}`;

/** The name of the type in a variant in XML and JSON. */
const alternativeName = (type) => {
  if (type.kind === 'int') return integer(type);
  return type.kind === 'enum' ? type.of.go : type.kind === 'struct' ? type.of.wire : type.kind;
};

class Writer {
  variants = [];

  goType(type, self) {
    const inner = (part) => this.goType(part, self);
    switch (type.kind) {
      case 'int':
        return integer(type);
      case 'float':
        return 'float32';
      case 'double':
        return 'float64';
      case 'bytes':
        return '[]byte';
      case 'enum':
      case 'struct':
        return type.of.go;
      case 'self':
        return self;
      case 'optional':
        return `*${inner(type.inner)}`;
      case 'list':
        return `[]${inner(type.element)}`;
      case 'array':
        return `[${type.count}]${inner(type.element)}`;
      case 'map':
        return `map[string]${inner(type.value)}`;
      case 'variant':
        return this.variant(type, inner);
      case 'time':
        return 'time.Time';
      case 'duration':
        return type.unit === 'float_seconds' ? 'float64' : 'time.Duration';
      case 'own':
        return 'float64'; // celsius
      default:
        return type.kind; // bool, string
    }
  }

  /** A struct of which exactly one field has a value. */
  variant(type, inner) {
    const name = `V${this.variants.length}`;
    const fields = type.alternatives.map((each, index) => {
      const wire = alternativeName(each);
      return `\tA${index} *${inner(each)} \`json:"${wire},omitempty" xml:"${wire},omitempty"\`\n`;
    });
    this.variants.push(`
type ${name} struct {
${fields.join('')}}

func (${name}) isVariant() {}
`);
    return name;
  }

  struct({ go, bases, members }) {
    const fields = members.map(({ cpp, go: field, type, words }) => {
      const json = [words.name ?? cpp, words.omitEmpty && 'omitempty', words.asString && 'string'];
      const xml = [
        words.content ? '' : (words.xmlName ?? words.name ?? cpp),
        words.attribute && 'attr',
        words.content && 'chardata',
        words.omitEmpty && !words.content && 'omitempty',
      ];
      const tag = (words) => words.filter((word) => word !== undefined && word !== false).join(',');
      return `\t${field} ${this.goType(type, go)} \`json:"${tag(json)}" xml:"${tag(xml)}"\`\n`;
    });
    return `
type ${go} struct {
${bases.map((base) => `\t${base.go}\n`).join('')}${fields.join('')}}
`;
  }

  /** A document's root element has the name of a field; a nested struct has none. */
  root({ go, wire, goFormats }) {
    const name = goFormats === 'both' ? `\tXMLName xml.Name \`json:"-" xml:"${wire}"\`\n` : '';
    return `
type Root${go} struct {
${name}\t${go}
}
`;
  }
}

function writeEnumeration({ go, enumerators }) {
  const names = enumerators.map(({ value, name }) => `{${BigInt.asIntN(64, value)}, ${JSON.stringify(name)}}`);
  return `
type ${go} int64

var namesOf${go} = []named{${names.join(', ')}}

func (e ${go}) MarshalText() ([]byte, error)   { return nameOf(namesOf${go}, int64(e)) }
func (e *${go}) UnmarshalText(text []byte) error { return (*number)(e).named(namesOf${go}, text) }
func (${go}) names() []named                   { return namesOf${go} }
`;
}

export function writeGo({ seed, enumerations, structs }) {
  const writer = new Writer();
  const known = structs.filter(({ goFormats }) => goFormats !== 'ours');
  const entry = ({ cpp, go, goFormats }) => `\t{"${cpp}", ${goFormats === 'both'}, func() any { return new(Root${go}) }},\n`;
  const written = known.map((each) => writer.struct(each) + writer.root(each));
  return `// Types that generate.mjs has drawn.
package main

import (
	"encoding/xml"
	"time"
)

var (
	_ xml.Name
	_ time.Time
)

const typesSeed = "${seed}"
${enumerations.map(writeEnumeration).join('')}${writer.variants.join('')}${written.join('')}
var types = []known{
${known.map(entry).join('')}}
`;
}
