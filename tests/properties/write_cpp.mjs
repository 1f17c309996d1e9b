// Writes drawn types as a C++ header.

import { isMoveOnly } from './types.mjs';

const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&').replace(/\t/g, '\\t')}"`;

const durations = {
  nanoseconds: 'std::chrono::nanoseconds',
  microseconds: 'std::chrono::microseconds',
  milliseconds: 'std::chrono::milliseconds',
  seconds: 'std::chrono::seconds',
  hours: 'std::chrono::duration<std::int32_t, std::ratio<3600>>',
  days: 'std::chrono::duration<std::int32_t, std::ratio<86400>>',
  float_seconds: 'std::chrono::duration<double>',
};

const integer = ({ bits, signed }) => `std::${signed ? '' : 'u'}int${bits}_t`;

function cppType(type, self) {
  const inner = (part) => cppType(part, self);
  switch (type.kind) {
    case 'int':
      return integer(type);
    case 'string':
      return 'std::string';
    case 'bytes':
      return 'std::vector<std::byte>';
    case 'byte_array':
      return `std::array<std::byte, ${type.count}>`;
    case 'enum':
    case 'struct':
      return type.of.cpp;
    case 'self':
      return self;
    case 'optional':
      return `std::${type.holder}<${inner(type.inner)}>`;
    case 'list':
      return `std::${type.container}<${inner(type.element)}>`;
    case 'array':
      return `std::array<${inner(type.element)}, ${type.count}>`;
    case 'map':
      return `std::${type.container}<std::string, ${inner(type.value)}>`;
    case 'variant':
      return `std::variant<${type.alternatives.map(inner).join(', ')}>`;
    case 'time':
      return `std::chrono::time_point<std::chrono::system_clock, ${durations[type.unit]}>`;
    case 'duration':
      return durations[type.unit];
    case 'own':
      return type.name;
    default:
      return type.kind; // bool, float, double
  }
}

function writeEnumeration({ cpp, go, underlying, enumerators }) {
  // The smallest number of a type cannot be written as a literal.
  const number = (value) => (value < 0n ? `-${-value - 1n} - 1` : `${value}${underlying.signed ? '' : 'U'}`);
  const values = enumerators.map((each) => `${each.cpp} = ${number(each.value)}`);
  const named = enumerators.filter(({ cpp: own, name }) => own !== name);
  return `
enum class ${cpp} : ${integer(underlying)} { ${values.join(', ')} };
BOOST_DESCRIBE_ENUM(${[cpp, ...enumerators.map((each) => each.cpp)].join(', ')})
TWINSOCKET_NAMES(${[cpp, quoted(go), ...named.map((each) => `(${each.cpp}, ${quoted(each.name)})`)].join(', ')})
`;
}

function wordsOf({ cpp, words }) {
  const all = [cpp];
  if (words.name) all.push(quoted(words.name));
  if (words.xmlName) all.push(`xml_name(${quoted(words.xmlName)})`);
  if (words.attribute) all.push('attribute');
  if (words.content) all.push('content');
  if (words.omitEmpty) all.push('omit_empty');
  if (words.required) all.push('required');
  if (words.asString) all.push('as_string');
  if (words.doc) all.push(`doc(${quoted(words.doc)})`);
  return all.length > 1 ? [`(${all.join(', ')})`] : [];
}

// A std::vector copies its elements unless their move is noexcept, and these have a std::vector of types that cannot be
// copied.
const moveOnly = (name) => `  ${name}() = default;
  ${name}(${name}&&) noexcept = default;
  ${name}& operator=(${name}&&) noexcept = default;
`;

function writeStruct(struct) {
  const { cpp, wire, bases, members } = struct;
  const ofBases = bases.map((base) => base.cpp);
  const declared = (member) =>
    `  ${cppType(member.type, cpp)} ${member.cpp}${member.initial ? ` = ${member.initial}` : '{}'};\n`;
  return `
struct ${cpp}${bases.length ? ` : ${ofBases.join(', ')}` : ''} {
${isMoveOnly({ kind: 'struct', of: struct }) ? moveOnly(cpp) : ''}${members.map(declared).join('')}};
BOOST_DESCRIBE_STRUCT(${cpp}, (${ofBases.join(', ')}), (${members.map((each) => each.cpp).join(', ')}))
TWINSOCKET_NAMES(${[cpp, quoted(wire), ...members.flatMap(wordsOf)].join(',\n                 ')})
`;
}

export function writeCpp({ seed, enumerations, structs, choice }) {
  const names = [...structs, choice].map(({ cpp }) => cpp);
  return `#pragma once

// Types that generate.mjs has drawn.

#include <array>
#include <boost/mp11/list.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "own_types.hpp"
#include "twinsocket/chrono.hpp"
#include "twinsocket/describe.hpp"

namespace drawn {

inline constexpr char types_seed[] = "${seed}";
${enumerations.map(writeEnumeration).join('')}${structs.map(writeStruct).join('')}
using ${choice.cpp} = ${cppType(choice.type)};

using all_types = boost::mp11::mp_list<${names.join(', ')}>;
inline constexpr const char* type_names[] = {${names.map((name) => `"${name}"`).join(', ')}};

}  // namespace drawn
`;
}
