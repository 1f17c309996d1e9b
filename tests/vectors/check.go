// Compares codec.json with Go's encoding/json and encoding/xml, which define the documents of a struct. With -update it
// rewrites the documents that Go encodes. The types are those of tests/unit/codec/messages.hpp.
package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"time"
)

type Person struct {
	Name   string
	Emails []string
}

type Numbers struct {
	XMLName xml.Name `json:"-" xml:"numbers"`
	Flag    bool     `json:"flag" xml:"flag"`
	I8      int8     `json:"i8" xml:"i8"`
	I16     int16    `json:"i16" xml:"i16"`
	I32     int32    `json:"i32" xml:"i32"`
	I64     int64    `json:"i64" xml:"i64"`
	U8      uint8    `json:"u8" xml:"u8"`
	U16     uint16   `json:"u16" xml:"u16"`
	U32     uint32   `json:"u32" xml:"u32"`
	U64     uint64   `json:"u64" xml:"u64"`
	F32     float32  `json:"f32" xml:"f32"`
	F64     float64  `json:"f64" xml:"f64"`
}

type Color int

var colors = map[Color]string{0: "red", 1: "green", 7: "deep blue"}

func (c Color) MarshalText() ([]byte, error) {
	if name, ok := colors[c]; ok {
		return []byte(name), nil
	}
	return nil, fmt.Errorf("no color %d", c)
}

func (c *Color) UnmarshalText(text []byte) error {
	for color, name := range colors {
		if name == string(text) {
			*c = color
			return nil
		}
	}
	return fmt.Errorf("no color %q", text)
}

type Street struct {
	Name   string `json:"name" xml:"name"`
	Number *int   `json:"number" xml:"number"`
}

type House struct {
	Paint    Color            `json:"paint" xml:"paint"`
	At       Street           `json:"at" xml:"at"`
	Formerly *Street          `json:"formerly" xml:"formerly"`
	People   []Person         `json:"people" xml:"people"`
	Size     [3]float64       `json:"size" xml:"-"`
	Sizes    []float64        `json:"-" xml:"size"` // Go's encoding/xml encodes arrays and cannot decode them.
	Meters   map[string]int64 `json:"meters" xml:"-"`
}

type Named struct {
	Id int64 `xml:",attr"`
}

type Article struct {
	Named
	Lang string `json:",omitempty" xml:",attr,omitempty"`
	Text string `xml:",chardata"`
}

type Letter struct {
	First     string   `xml:"To>Name>First"`
	Last      string   `xml:"To>Name>Last"`
	Lines     []string `xml:"Body>Line"`
	Note      string   `json:",omitempty" xml:",omitempty"`
	Signature *string  `json:",omitempty" xml:"End>Signature"`
}

type Tree struct {
	Name     string `json:"name" xml:"name"`
	Branches []Tree `json:"branches,omitempty" xml:"branches,omitempty"`
}

type Circle struct {
	Radius float64 `json:"radius" xml:"radius"`
}

type Square struct {
	Side float64 `json:"side" xml:"side"`
}

// AnyShape is Go's equivalent of a std::variant of Circle and Square.
type AnyShape struct {
	Circle *Circle `json:",omitempty"`
	Square *Square `json:",omitempty"`
}

type Label struct {
	String *string `json:"string,omitempty" xml:"string"`
	Int32  *int32  `json:"int32,omitempty" xml:"int32"`
	Bool   *bool   `json:"bool,omitempty" xml:"bool"`
}

type Drawing struct {
	XMLName xml.Name   `json:"-" xml:"drawing"`
	Outline AnyShape   `json:"outline" xml:"outline"`
	Inside  []AnyShape `json:"inside" xml:"inside"`
	Labels  []Label    `json:"labels" xml:"labels"`
}

type Strict struct {
	XMLName xml.Name `json:"-" xml:"strict"`
	Must    string   `json:"must" xml:"must"`
	Exact   int64    `json:"exact,string" xml:"exact"`
	Flag    bool     `json:"flag,string" xml:"flag"`
	Maybe   int      `json:"maybe" xml:"maybe"`
}

type Bytes struct {
	Bytes []byte `json:"bytes" xml:"-"`
}

type Times struct {
	XMLName xml.Name      `json:"-" xml:"times"`
	At      time.Time     `json:"at" xml:"at"`
	Wait    time.Duration `json:"wait" xml:"wait"`
}

var types = map[string]func() any{
	"Person":  func() any { return new(Person) },
	"numbers": func() any { return new(Numbers) },
	"House":   func() any { return new(House) },
	"Article": func() any { return new(Article) },
	"Letter":  func() any { return new(Letter) },
	"Tree":    func() any { return new(Tree) },
	"drawing": func() any { return new(Drawing) },
	"strict":  func() any { return new(Strict) },
	"bytes":   func() any { return new(Bytes) },
	"times":   func() any { return new(Times) },
}

type vectors struct {
	About string `json:"about"`
	// Values and the documents that they are encoded to.
	Written []struct {
		Type string `json:"type"`
		JSON string `json:"json"`
		XML  string `json:"xml,omitempty"`
	} `json:"written"`
	// Documents that are decoded, and the documents that their values are encoded to.
	Read []struct {
		Type     string `json:"type"`
		Format   string `json:"format"`
		Document string `json:"document"`
		Written  string `json:"written"`
	} `json:"read"`
	// Documents that twinsocket and Go refuse.
	Refused []document `json:"refused"`
	// Documents that twinsocket refuses and Go accepts.
	Stricter []document `json:"stricter"`
}

type document struct {
	Type     string `json:"type"`
	Format   string `json:"format"`
	Document string `json:"document"`
}

var failures int

func fail(format string, arguments ...any) {
	failures++
	fmt.Printf(format+"\n", arguments...)
}

func read(typeName, format, text string) (any, error) {
	make, ok := types[typeName]
	if !ok {
		panic("no type " + typeName)
	}
	value := make()
	var err error
	if format == "xml" {
		err = xml.Unmarshal([]byte(text), value)
	} else {
		err = json.Unmarshal([]byte(text), value)
	}
	if house, ok := value.(*House); ok && format == "json" {
		house.Sizes = house.Size[:]
	}
	return value, err
}

func write(format string, value any) string {
	if format == "xml" {
		text, err := xml.Marshal(value)
		if err != nil {
			return "refused: " + err.Error()
		}
		return string(text)
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "refused: " + err.Error()
	}
	return string(bytes.TrimSuffix(buffer.Bytes(), []byte("\n")))
}

func main() {
	name := os.Args[len(os.Args)-1]
	update := len(os.Args) > 2 && os.Args[1] == "-update"
	text, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	var all vectors
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&all); err != nil {
		panic(err)
	}

	for i := range all.Written {
		each := &all.Written[i]
		value, err := read(each.Type, "json", each.JSON)
		if err != nil {
			fail("%s %s: %v", each.Type, each.JSON, err)
			continue
		}
		if again := write("json", value); again != each.JSON {
			fail("%s: JSON\n  has %s\n  Go  %s", each.Type, each.JSON, again)
		}
		if each.XML == "-" {
			continue
		}
		made := write("xml", value)
		if update {
			each.XML = made
		}
		if made != each.XML {
			fail("%s: XML\n  has %s\n  Go  %s", each.Type, each.XML, made)
		}
		if back, err := read(each.Type, "xml", each.XML); err != nil {
			fail("%s %s: %v", each.Type, each.XML, err)
		} else if again := write("xml", back); again != each.XML {
			fail("%s: XML read and written\n  has %s\n  Go  %s", each.Type, each.XML, again)
		}
	}
	for i := range all.Read {
		each := &all.Read[i]
		value, err := read(each.Type, each.Format, each.Document)
		if err != nil {
			fail("%s %s: %v", each.Type, each.Document, err)
			continue
		}
		made := write(each.Format, value)
		if update {
			each.Written = made
		}
		if made != each.Written {
			fail("%s: read\n  has %s\n  Go  %s", each.Type, each.Written, made)
		}
	}
	for _, each := range all.Refused {
		if value, err := read(each.Type, each.Format, each.Document); err == nil {
			fail("%s: Go takes %s as %s", each.Type, each.Document, write("json", value))
		}
	}
	for _, each := range all.Stricter {
		if _, err := read(each.Type, each.Format, each.Document); err != nil {
			fail("%s: Go refuses %s: %v", each.Type, each.Document, err)
		}
	}

	if update {
		var buffer bytes.Buffer
		encoder := json.NewEncoder(&buffer)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(all); err != nil {
			panic(err)
		}
		if err := os.WriteFile(name, buffer.Bytes(), 0o644); err != nil {
			panic(err)
		}
	}
	if failures > 0 {
		fmt.Printf("%d of the vectors are not as Go has them\n", failures)
		os.Exit(1)
	}
	fmt.Printf("Go agrees: %d written, %d read, %d refused, %d stricter\n",
		len(all.Written), len(all.Read), len(all.Refused), len(all.Stricter))
}
