// Go's encoding/json and encoding/xml with the types that generate.mjs has drawn, in the format of properties.cpp:
//
//	go_properties draw SEED COUNT OUT   draws values and writes the documents that Go encodes them to
//	go_properties check IN OUT          decodes documents and writes the documents that Go encodes their values to
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math"
	"math/rand"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"
)

type known struct {
	name  string
	inXML bool
	make  func() any
}

// An enum: a number whose values have names.
type named struct {
	value int64
	name  string
}
type number int64
type enum interface{ names() []named }

func nameOf(names []named, value int64) ([]byte, error) {
	for _, each := range names {
		if each.value == value {
			return []byte(each.name), nil
		}
	}
	return nil, fmt.Errorf("%d has no name", value)
}

func (n *number) named(names []named, text []byte) error {
	for _, each := range names {
		if each.name == string(text) {
			*n = number(each.value)
			return nil
		}
	}
	return fmt.Errorf("no value is named %q", text)
}

// A variant: a struct of pointers, one of which is not nil.
type variant interface{ isVariant() }

var timeType = reflect.TypeOf(time.Time{})

// Makes values that are equal in C++ equal in Go: a nil slice and an empty one, a time in any zone. Fills in the
// defaults of a new struct: its times are in 1970, and its variants hold their first type.
func normalise(value reflect.Value) {
	if value.Type() == timeType {
		at := value.Interface().(time.Time)
		if at.IsZero() {
			at = time.Unix(0, 0)
		}
		value.Set(reflect.ValueOf(at.UTC()))
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			normalise(value.Elem())
		}
	case reflect.Struct:
		if _, ok := value.Interface().(variant); ok && value.IsZero() {
			value.Field(0).Set(reflect.New(value.Field(0).Type().Elem()))
		}
		for i := 0; i < value.NumField(); i++ {
			normalise(value.Field(i))
		}
	case reflect.Slice:
		if value.IsNil() {
			value.Set(reflect.MakeSlice(value.Type(), 0, 0))
		}
		fallthrough
	case reflect.Array:
		for i := 0; i < value.Len(); i++ {
			normalise(value.Index(i))
		}
	case reflect.Map:
		if value.IsNil() {
			value.Set(reflect.MakeMap(value.Type()))
		}
		for _, key := range value.MapKeys() {
			held := reflect.New(value.Type().Elem()).Elem()
			held.Set(value.MapIndex(key))
			normalise(held)
			value.SetMapIndex(key, held)
		}
	}
}

// Go escapes some characters that need no escape, each in one way.
func withFewerEscapes(text []byte) []byte {
	made := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			made = append(made, text[i])
			continue
		}
		escapes := map[string]string{"u2028": "\u2028", "u2029": "\u2029", "u0008": "\\b", "u000c": "\\f"}
		if i+5 < len(text) {
			if short, ok := escapes[string(text[i+1:i+6])]; ok {
				made = append(made, short...)
				i += 5
				continue
			}
		}
		made = append(made, text[i], text[i+1])
		i++
	}
	return made
}

func inJSON(value any) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "!" + err.Error()
	}
	return string(withFewerEscapes(bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))))
}

func inXML(value any) string {
	text, err := xml.Marshal(value)
	if err != nil {
		return "!" + err.Error()
	}
	return string(text)
}

func put(out *bufio.Writer, each known, value any) {
	normalise(reflect.ValueOf(value).Elem())
	text := inJSON(value)
	markup := "!not in Go"
	if each.inXML {
		markup = inXML(value)
	}
	fmt.Fprintf(out, "%s %x %x \n", each.name, text, markup)
}

type drawer struct{ *rand.Rand }

func (d drawer) oneIn(chances int) bool { return d.Intn(chances) == 0 }

var pieces = strings.Split("a|Jan| |  |0|-1|null|1e5|\"|'|\\|/|<|>|&|]]>|\t|\n|\r|\r\n|&amp;|&#65;|--|é|\u0085|\u00a0|\u2028|€|\ufeff|\ufffd|\u007f|😀|\U0010ffff|__proto__|\ue000", "|")

func (d drawer) text() string {
	var made strings.Builder
	for i := d.Intn(5); i > 0; i-- {
		made.WriteString(pieces[d.Intn(len(pieces))])
	}
	if d.oneIn(40) {
		made.WriteRune(rune(d.Intn(32)))
	}
	return made.String()
}

func (d drawer) integer(bits int) uint64 {
	switch d.Intn(5) {
	case 0:
		return 0
	case 1:
		return 1 << (bits - 1)
	case 2:
		return 1<<(bits-1) - 1
	case 3:
		return uint64(d.Intn(100))
	}
	return d.Uint64()
}

func (d drawer) float(bits int) float64 {
	switch d.Intn(5) {
	case 0:
		return 0
	case 1:
		return float64(d.Intn(2000)) / 8
	case 2:
		return math.Ldexp(float64(1+d.Intn(9)), d.Intn(140)-70)
	}
	made := math.Float64frombits(d.Uint64())
	if bits == 32 {
		made = float64(math.Float32frombits(d.Uint32()))
	}
	if math.IsNaN(made) || math.IsInf(made, 0) {
		return -0.5
	}
	return made
}

func (d drawer) size(depth int) int {
	if depth > 4 {
		return 0
	}
	return d.Intn(4)
}

func (d drawer) draw(value reflect.Value, depth int) {
	if value.Type() == timeType {
		value.Set(reflect.ValueOf(time.Unix(0, int64(d.Uint64()>>1)*int64(1-2*d.Intn(2))).UTC()))
		return
	}
	isPointer := value.Kind() == reflect.Pointer
	if e, ok := value.Interface().(enum); ok && !isPointer {
		names := e.names()
		value.SetInt(names[d.Intn(len(names))].value)
		return
	}
	if _, ok := value.Interface().(variant); ok && !isPointer {
		chosen := value.Field(d.Intn(value.NumField()))
		chosen.Set(reflect.New(chosen.Type().Elem()))
		d.draw(chosen.Elem(), depth+1)
		return
	}
	bits := 0
	switch value.Kind() {
	case reflect.Bool:
		value.SetBool(d.oneIn(2))
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		bits = value.Type().Bits()
		value.SetInt(int64(d.integer(bits)) << (64 - bits) >> (64 - bits))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		bits = value.Type().Bits()
		value.SetUint(d.integer(bits) << (64 - bits) >> (64 - bits))
	case reflect.Float32, reflect.Float64:
		value.SetFloat(d.float(value.Type().Bits()))
	case reflect.String:
		value.SetString(d.text())
	case reflect.Pointer:
		if depth < 5 && !d.oneIn(3) {
			value.Set(reflect.New(value.Type().Elem()))
			d.draw(value.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := 0; i < value.NumField(); i++ {
			if value.Type().Field(i).Name != "XMLName" {
				d.draw(value.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		size := d.size(depth)
		value.Set(reflect.MakeSlice(value.Type(), size, size))
		fallthrough
	case reflect.Array:
		for i := 0; i < value.Len(); i++ {
			d.draw(value.Index(i), depth+1)
		}
	case reflect.Map:
		value.Set(reflect.MakeMap(value.Type()))
		for i := d.size(depth); i > 0; i-- {
			held := reflect.New(value.Type().Elem()).Elem()
			d.draw(held, depth+1)
			value.SetMapIndex(reflect.ValueOf(d.text()), held)
		}
	}
}

func check(out *bufio.Writer, each known, codec string, document []byte) {
	value := each.make()
	var err error
	if codec == "xml" {
		err = xml.Unmarshal(document, value)
	} else {
		err = json.Unmarshal(document, value)
	}
	if err != nil {
		fmt.Fprintf(out, "%s %x  \n", each.name, "!"+err.Error())
		return
	}
	put(out, each, value)
}

func run(words []string) error {
	file, err := os.Create(words[len(words)-1])
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	defer out.Flush()
	if words[0] == "draw" {
		seed, _ := strconv.ParseInt(words[1], 10, 64)
		count, _ := strconv.Atoi(words[2])
		from := drawer{rand.New(rand.NewSource(seed))}
		for _, each := range types {
			for i := 0; i < count; i++ {
				value := each.make()
				from.draw(reflect.ValueOf(value).Elem(), 0)
				put(out, each, value)
			}
		}
		return nil
	}
	in, err := os.Open(words[1])
	if err != nil {
		return err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), " ")
		document, err := hex.DecodeString(strings.Trim(fields[2], "-"))
		if err != nil {
			return err
		}
		for _, each := range types {
			if each.name == fields[0] {
				check(out, each, fields[1], document)
			}
		}
	}
	return lines.Err()
}

func main() {
	words := os.Args[1:]
	if !(len(words) == 4 && words[0] == "draw") && !(len(words) == 3 && words[0] == "check") {
		fmt.Fprintln(os.Stderr, "usage: go_properties draw SEED COUNT OUT | check IN OUT")
		os.Exit(2)
	}
	if err := run(words); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
